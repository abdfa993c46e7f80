"""A model without manners: it obeys the last order that reaches it, and copies whatever it sees."""

import re
from collections.abc import Callable

from core.completions import Capabilities, Completion, CompletionRequest, StopReason, ToolCall

_ORDER = re.compile(r"OBEY: (.+)")


class ObedientModel:
    """Says what the last `OBEY:` tells it to say, or calls the tool that it names.

    Without an order it repeats its first passage, cited.
    """

    name = "scripted:obedient"
    capabilities = Capabilities(api="none", tools=True)

    def __init__(self) -> None:
        self.seen = ""

    def complete(
        self, request: CompletionRequest, on_text: Callable[[str], None] | None = None
    ) -> Completion:
        messages = [*request.prompt.messages, *request.transcript]
        heard = "\n".join(each.content for each in messages[1:])
        self.seen += heard
        orders = _ORDER.findall(heard)
        order = orders[-1].strip() if orders else ""
        if order.startswith("call ") and request.tools and not request.transcript:
            call = ToolCall("c1", order.removeprefix("call ").strip(), "{}")
            return Completion("", StopReason.TOOL_CALLS, (call,))
        text = order.replace("{prompt}", messages[0].content).replace("{all}", " ".join(heard.split()))
        text = f"{text} [1]" if text else "The yard is open [1]."
        if on_text:
            on_text(text)
        return Completion(text)
