"""Vectors of sentences, each embedded once while it is remembered."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from retrieval.embedders import Embedder

_REMEMBERED = 10_000
_QUESTIONS = 64
_LONGEST = 400


class Vectors:
    """An embedder with a memory for the sentences that it saw last (15 MB at 384 dimensions)."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._memory: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._questions: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def question(self, text: str) -> NDArray[np.float32]:
        """The vector of a question: shape (dimensions,), of length 1. The last few are remembered."""
        with self._lock:
            known = self._questions.get(text)
        if known is not None:
            return known
        vector: NDArray[np.float32] = self._embedder.embed_queries([text])[0]
        with self._lock:
            self._questions[text] = vector
            while len(self._questions) > _QUESTIONS:
                self._questions.popitem(last=False)
        return vector

    def sentences(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of sentences: shape (len(texts), dimensions), each of length 1.

        Of a longer text, such as a code block, the first 400 characters count.
        """
        texts = [text[:_LONGEST] for text in texts]
        with self._lock:
            known = {text: self._memory[text] for text in texts if text in self._memory}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, self._embedder.embed_documents(new), strict=True))
        with self._lock:
            for text in texts:
                self._memory[text] = known[text]
                self._memory.move_to_end(text)
            while len(self._memory) > _REMEMBERED:
                self._memory.popitem(last=False)
        return np.stack([known[text] for text in texts])
