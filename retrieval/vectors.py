"""Vectors of chunks: what both retrievers see of one, and which of them it gets a vector for."""

from collections.abc import Sequence

from core.documents import Chunk
from retrieval.embedders import Embedder
from retrieval.language import usual
from retrieval.points import Vectors
from retrieval.sparse import Keywords


class Vectorizer:
    """Makes the vectors of chunks. May be called from several threads."""

    def __init__(self, embedder: Embedder | None) -> None:
        self._embedder = embedder
        self._keywords = Keywords()

    def vectors(self, chunks: Sequence[Chunk]) -> list[Vectors]:
        """The vectors of these chunks; a dense one only where the embedder knows the chunk's language.

        To keyword search the words of a title count twice: they say what all of the document is about.
        """
        texts = [searchable(chunk) for chunk in chunks]
        languages = [chunk.language or usual(chunk.text) for chunk in chunks]
        rows: dict[int, list[float]] = {}
        if self._embedder is not None:
            known = [at for at, language in enumerate(languages) if knows(self._embedder, language)]
            if known:
                dense = self._embedder.embed_documents([texts[at] for at in known])
                rows = dict(zip(known, dense.tolist(), strict=True))
        return [
            Vectors(self._keywords.document(f"{chunk.title}\n{text}", language), rows.get(at))
            for at, (chunk, text, language) in enumerate(zip(chunks, texts, languages, strict=True))
        ]


def knows(embedder: Embedder, language: str) -> bool:
    """Whether an embedder's vectors mean something in a language."""
    return embedder.languages is None or language in embedder.languages


def searchable(chunk: Chunk) -> str:
    """What both retrievers see of a chunk: title, heading path and text."""
    above = [heading for heading in chunk.heading if heading != chunk.title]
    return "\n".join(filter(None, (chunk.title, " > ".join(above), chunk.text)))
