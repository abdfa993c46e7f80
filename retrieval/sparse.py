"""BM25 as sparse vectors: term weights of documents here, inverse document frequency in the store."""

from qdrant_edge import Bm25, Bm25Config

from retrieval.points import Sparse

AVERAGE_LENGTH = 120
"""Tokens of an average chunk, for BM25's length normalisation: that of chunks of 400 to 1,200 characters."""


class Keywords:
    """Makes the BM25 vectors of chunks and queries: k1 1.2, b 0.75, English stemmer and stop words."""

    def __init__(self) -> None:
        self._model = Bm25(Bm25Config(language="english", avg_len=AVERAGE_LENGTH))

    def document(self, text: str) -> Sparse:
        """The vector of a text to be found."""
        vector = self._model.embed_document(text)
        return Sparse(vector.indices, vector.values)

    def query(self, text: str) -> Sparse:
        """The vector of a query: weight 1 for each token. Empty where it has no word that counts."""
        vector = self._model.embed_query(text)
        return Sparse(vector.indices, vector.values)
