"""What embedders with a limit share: long texts in windows, many in batches, every vector of length 1."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

WINDOW = 2000
"""Characters of one window. Models of 512 tokens, the shortest in wide use, cut silently behind it."""

Vectorize = Callable[[list[str], bool], Sequence[Sequence[float]]]
"""Vectors of a batch of texts; the flag says whether they are queries."""


class PiecewiseEmbedder:
    """An embedder that hands its model windows of long texts, in batches.

    A text of more than WINDOW characters is cut at blanks into windows, whose vectors are averaged.

    Args:
        name: member and model.
        vectorize: one call of the model.
        batch: most texts in one call.
        dimensions: length of the vectors; 0 where the model decides, which is then asked once.
        nonsense: makes the error for vectors that are none.
        window: characters of one window.
        languages: those that the model knows; None for all that matter.
    """

    def __init__(
        self,
        name: str,
        vectorize: Vectorize,
        *,
        batch: int,
        dimensions: int,
        nonsense: Callable[[str], Exception],
        window: int = WINDOW,
        languages: frozenset[str] | None = None,
    ) -> None:
        self.name = name
        self.languages = languages
        self._vectorize = vectorize
        self._batch = batch
        self._dimensions = dimensions
        self._nonsense = nonsense
        self._window = window

    @property
    def dimensions(self) -> int:
        """Length of each vector; the model is asked where the settings do not say."""
        return self._dimensions or self._called(["length"], query=True).shape[1]

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts to be found; see `Embedder`."""
        return self._embed(texts, query=False)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of queries; see `Embedder`."""
        return self._embed(texts, query=True)

    def _embed(self, texts: Sequence[str], *, query: bool) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        cut = [windows(text, self._window) for text in texts]
        pieces = [window for each in cut for window in each]
        vectors = np.concatenate(
            [
                self._called(pieces[start : start + self._batch], query=query)
                for start in range(0, len(pieces), self._batch)
            ]
        )
        ends = np.cumsum([len(each) for each in cut])
        return _normalised(np.stack([part.mean(axis=0) for part in np.split(vectors, ends[:-1])]))

    def _called(self, pieces: list[str], *, query: bool) -> NDArray[np.float32]:
        """One call, its vectors checked and of length 1.

        Raises:
            IndexUnavailable: the model gave something else.
        """
        try:
            vectors = np.asarray(self._vectorize(pieces, query), dtype=np.float32)
        except ValueError:  # rows of different lengths
            vectors = np.empty(0, dtype=np.float32)
        wanted = (len(pieces), self._dimensions or vectors.shape[-1])
        if vectors.shape != wanted or not np.isfinite(vectors).all():
            raise self._nonsense(f"gave vectors of shape {vectors.shape} for {len(pieces)} texts")
        self._dimensions = wanted[1]
        return _normalised(vectors)


def windows(text: str, size: int) -> list[str]:
    """A text in windows of at most `size` characters, cut at blanks where there are any; never none."""
    found = []
    while len(text) > size:
        head = text[:size]
        end = len(head.rsplit(None, 1)[0]) if len(head.split(None, 1)) > 1 else size
        found.append(text[:end])
        text = text[end:].lstrip()
    # Servers refuse an empty text.
    return [*found, text or " "] if text or not found else found


def _normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths: NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True).astype(np.float32)
    scaled: NDArray[np.float32] = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled
