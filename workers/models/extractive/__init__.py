"""A model without a model: it answers with sentences of the passages, without a key or a server."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Final

from core.completions import NO_ANSWER, Capabilities, Completion, CompletionRequest, Model, StopReason
from core.errors import Misconfigured
from retrieval.embedders import Embedder
from workers.models.extractive.answer import THRESHOLD, quotes, written
from workers.models.extractive.follow_up import stand_alone
from workers.models.extractive.summary import merge, summarize
from workers.models.extractive.tools import choose, told
from workers.models.extractive.vectors import Vectors


class Extractive:
    """Sentences instead of generation, driven by a prompt's name and variables; its words are not read.

    `answer` has a tool called where the question is plainly one for it, and then tells what that returned;
    else it gives one or two block quotes, each a verbatim span of its passage with its marker, or NO_ANSWER;
    `rewrite` a question that stands alone; `summarize` and `merge_summaries` bullets with markers.

    Args:
        embedder: what tells meaning; None counts words alone.
        threshold: the support, 0 to 1, below which it does not answer.
    """

    name: Final = "extractive"
    capabilities: Final = Capabilities(api="none", tools=True)

    def __init__(self, embedder: Embedder | None, threshold: float = THRESHOLD) -> None:
        self._vectors = Vectors(embedder) if embedder else None
        self._threshold = threshold

    def complete(
        self, request: CompletionRequest, on_text: Callable[[str], None] | None = None
    ) -> Completion:
        """Complete one of the prompts that need no language model.

        Args:
            request: its prompt's variables are those of `prompts/`.
            on_text: called with each whole quote or line.

        Raises:
            Misconfigured: the prompt needs a language model.
        """
        variables = request.prompt.variables
        if request.tools and not request.transcript:
            call = choose(variables["question"], request.tools, self._vectors, dt.datetime.now(dt.UTC).date())
            if call:
                return Completion("", StopReason.TOOL_CALLS, (call,), model=self.name)
        match request.prompt.name:
            case "answer" if lines := told(request.transcript):
                pieces = _joined(lines, "\n\n")
            case "answer":
                chosen = quotes(variables["question"], variables["passages"], self._vectors)
                answers = chosen and chosen[0].support >= self._threshold
                pieces = _joined(written(chosen, variables["passages"]), "\n\n") if answers else []
            case "rewrite":
                pieces = [stand_alone(variables["question"], variables["history"])]
            case "summarize":
                pieces = _joined(summarize(variables["passages"], self._vectors), "\n")
            case "merge_summaries":
                pieces = _joined(merge(variables["lines"], self._vectors), "\n")
            case other:
                raise Misconfigured(
                    f"the prompt {other!r} needs a language model: set CANDOR_MODEL_STRONG to provider:model"
                )
        pieces = pieces or [NO_ANSWER]
        if on_text:
            for piece in pieces:
                on_text(piece)
        return Completion(text="".join(pieces), model=self.name)


def create(_model_id: str, embedder: Embedder | None) -> Model:
    """The extractive model; it has no ids to choose from."""
    return Extractive(embedder)


def _joined(parts: Iterable[str], between: str) -> list[str]:
    return [part if at == 0 else between + part for at, part in enumerate(parts)]
