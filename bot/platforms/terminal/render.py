"""The terminal's message builder: Markdown as it stands, and whether more will come."""

from bot import markdown
from bot.outgoing import Payload
from core.messages import Answer


class TerminalRender:
    """Builds `{text, kind, final}`, where kind is `status` or `text`."""

    def status(self, text: str, _turn_id: str, /) -> Payload:
        """A status line, replaced by what comes next."""
        return {"text": text, "kind": "status", "final": False}

    def partial(self, markdown_text: str, _turn_id: str, /) -> Payload:
        """The answer as far as it is written."""
        return {"text": markdown_text, "kind": "text", "final": False}

    def answer(self, answer: Answer, _turn_id: str, /) -> Payload:
        """The whole answer, its sources below."""
        return {"text": markdown.whole(answer), "kind": "text", "final": True}
