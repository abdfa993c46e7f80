"""Ranking: chunks that stand in no store, such as those of an attached file, by how well they fit a query."""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.documents import Chunk, Passage
from retrieval.embedders import Embedder
from retrieval.language import usual
from retrieval.points import Sparse
from retrieval.sparse import Keywords
from retrieval.vectors import Vectorizer, knows


class Ranking:
    """Scores chunks as a store would: by their words, and by their meaning where the embedder knows it.

    May be called from several threads.

    Args:
        embedder: what tells meaning; None counts words alone.
    """

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder
        self._keywords = Keywords()
        self._vectorizer = Vectorizer(embedder)

    def rank(self, text: str, chunks: Sequence[Chunk]) -> list[Passage]:
        """The chunks, best first; those that fit equally well stay in their order.

        A score is the sum of its halves, BM25 and the cosine, each divided by the best chunk's.
        """
        if not chunks:
            return []
        vectors = self._vectorizer.vectors(chunks)
        language = usual(text)
        words = _words(self._keywords.query(text, (language,)), [each.sparse for each in vectors])
        meaning = np.zeros(len(chunks))
        if self._embedder is not None and text.strip() and knows(self._embedder, language):
            query = self._embedder.embed_queries([text])[0]
            for at, each in enumerate(vectors):
                if each.dense is not None:
                    meaning[at] = max(0.0, _cosine(query, np.asarray(each.dense)))
        scores = _scaled(words) + _scaled(meaning)
        order = np.argsort(-scores, kind="stable").tolist()
        halves = [{"sparse": float(words[at]), "dense": float(meaning[at])} for at in range(len(chunks))]
        return [Passage(chunks[at], float(scores[at]), halves[at]) for at in order]


def _words(query: Sparse, documents: Sequence[Sparse]) -> NDArray[np.float64]:
    """BM25 of each document; the inverse document frequency is that of these documents."""
    holding = Counter(token for each in documents for token in each.indices)
    rarity = {
        token: math.log(1 + (len(documents) - holding[token] + 0.5) / (holding[token] + 0.5))
        for token in query.indices
    }
    wanted = dict(zip(query.indices, query.values, strict=True))
    return np.array(
        [
            sum(
                weight * wanted[token] * rarity[token]
                for token, weight in zip(each.indices, each.values, strict=True)
                if token in wanted
            )
            for each in documents
        ]
    )


def _cosine(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(one @ other) / lengths if lengths else 0.0


def _scaled(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    best = float(scores.max())
    return scores / best if best > 0 else scores
