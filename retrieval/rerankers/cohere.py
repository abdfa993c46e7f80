"""Cohere's reranker: a model that reads query and passage together, over the network."""

from collections.abc import Sequence

from core.documents import Passage
from core.vendors import CohereSettings, Endpoint
from retrieval.rerankers._order import Verdict, ordered
from retrieval.vendors import unavailable
from retrieval.vendors.cohere import Cohere

MODEL = "rerank-v5.0-fast"
"""The one that is meant where the settings name none: a key alone switches reranking on."""


class CohereReranker:
    """Asks Cohere once, for at most so many seconds, without another try: somebody waits.

    Args:
        endpoint: where the API is.
        model: the model's name; empty for MODEL.
        seconds: for one request.
    """

    def __init__(self, endpoint: Endpoint, model: str, seconds: float) -> None:
        self._endpoint = endpoint
        self._seconds = seconds
        self._cohere = Cohere(endpoint, model or MODEL, "CANDOR_RERANKER")

    def rerank(self, query: str, passages: Sequence[Passage], top: int) -> list[Passage]:
        """The best passages by Cohere's relevance; see `Reranker`.

        Raises:
            IndexUnavailable: no answer, or none that makes sense.
            Misconfigured: the key, the model or the request is refused.
        """
        if not passages:
            return []
        texts = [f"{each.chunk.title}\n{each.chunk.place}\n{each.chunk.text}" for each in passages]
        results = self._cohere.rerank(query, texts, seconds=self._seconds)
        verdicts = [Verdict(place, score) for place, score in results]
        if not any(0 <= verdict.place < len(passages) for verdict in verdicts):
            raise unavailable(self._endpoint, "ranked no passage that it was given")
        return ordered(passages, verdicts)[:top]


def create(model: str, seconds: float) -> CohereReranker:
    """The reranker on Cohere's API.

    Raises:
        Misconfigured: there is no key.
    """
    return CohereReranker(CohereSettings().endpoint(), model, seconds)
