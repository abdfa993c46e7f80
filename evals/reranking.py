"""The configured reranker as a rung of the ladder."""

from collections.abc import Sequence

from core.completions import Models
from core.deadline import Deadline
from core.documents import Passage
from retrieval.embedders import Embedder
from retrieval.rerankers import RerankerSettings
from workers.answering.budget import AnsweringSettings
from workers.answering.calls import Calls
from workers.answering.reranking import Reranking, chosen, open_reranking
from workers.models import ModelSettings, open_models

_PATIENCE = 60.0  # seconds for one query; the reranker's own limit is far below


class Reranker:
    """Reranks as an answer would, and counts what was left in search's own order.

    Attributes:
        skipped: for how many queries there was no reranking.
        reason: why not, the last time.
    """

    def __init__(self, reranking: Reranking, models: Models) -> None:
        self._reranking = reranking
        self._models = models
        self._settings = AnsweringSettings()
        self.skipped = 0
        self.reason = ""

    @property
    def candidates(self) -> int:
        """How many passages it looks at."""
        return self._reranking.candidates

    def __call__(self, query: str, passages: Sequence[Passage]) -> list[Passage]:
        """The candidates in their new order, and behind them what is beyond the configured number."""
        calls = Calls(self._models, self._settings, Deadline(_PATIENCE))
        few = self.candidates
        ranked = self._reranking.rerank(query, passages[:few], calls)
        reasons = [note for note in ranked.notes if note.startswith("rerank=skipped:")]
        if reasons:
            self.skipped += 1
            self.reason = reasons[-1].removeprefix("rerank=skipped:")
        return [*ranked.passages, *passages[few:]]


def configured(embedder: Embedder | None) -> Reranker | None:
    """The reranker that the settings choose; None where there is none.

    Raises:
        Misconfigured: naming the setting at fault.
    """
    settings = RerankerSettings()
    if chosen(settings).kind == "none":
        return None
    models = open_models(ModelSettings(), embedder)
    return Reranker(open_reranking(settings, models), models)
