"""Search: from a query to the passages that this audience may read."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import Chunk, Passage
from core.errors import CandorError, IndexMissing
from retrieval.access import readable_by
from retrieval.embedders import NONE, Embedder
from retrieval.points import Condition, Filter, normalise_name, to_chunk
from retrieval.sparse import Keywords
from retrieval.stores import Collection, Lookup, Store

_FIRST = Condition("position", (0,))


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    Attributes:
        text: the words.
        groups: reader groups of the audience; a passage needs one of them among its readers.
        limit: how many passages at most.
        source_ids: only these sources; empty means all.
        document_id: only this document; empty means all.
    """

    text: str
    groups: tuple[str, ...]
    limit: int = 30
    source_ids: tuple[str, ...] = ()
    document_id: str = ""


class Search:
    """Finds passages and documents in a store. May be called from several threads.

    Every method raises IndexMissing when nothing was ingested yet or another embedder did it, and
    IndexUnavailable when the store does not answer.
    """

    def __init__(self, store: Store, embedder: Embedder | None) -> None:
        self._store = store
        self._embedder = embedder
        self._keywords = Keywords()
        self._checked = False

    def find(self, query: Query) -> list[Passage]:
        """The best passages, best first."""
        self._check()
        must = [readable_by(query.groups)]
        if query.source_ids:
            must.append(Condition("source_id", query.source_ids))
        if query.document_id:
            must.append(Condition("document_id", (query.document_id,)))
        dense = None
        if self._embedder is not None and query.text.strip():
            dense = self._embedder.embed_queries([query.text])[0].tolist()
        lookup = Lookup(dense, self._keywords.query(query.text), Filter(tuple(must)), query.limit)
        try:
            hits = self._store.search(lookup)
        except CandorError:
            self._checked = False
            raise
        return [Passage(to_chunk(hit.id, hit.payload), hit.score, hit.scores) for hit in hits]

    def document(self, name: str, groups: Sequence[str]) -> list[Chunk]:
        """The chunks, in order, of the document that a person calls `name`.

        That is its id, its file name, its title, or its file name without suffix, whichever fits first; case
        and repeated spaces do not count. [] where this audience may read no such document.
        """
        self._check()
        wanted = normalise_name(name)
        readable = readable_by(groups)
        where = Filter((Condition("names", (wanted,)), _FIRST, readable))
        firsts = self._store.scroll(where, ("names", "document_id", "source_id"))
        best = min(
            (
                (
                    first.payload["names"].index(wanted),
                    first.payload["source_id"],
                    first.payload["document_id"],
                )
                for first in firsts
            ),
            default=None,
        )
        if best is None:
            return []
        _, source_id, document_id = best
        where = Filter(
            (Condition("source_id", (source_id,)), Condition("document_id", (document_id,)), readable)
        )
        chunks = [to_chunk(record.id, record.payload) for record in self._store.scroll(where)]
        return sorted(chunks, key=lambda chunk: chunk.position)

    def documents(self, groups: Sequence[str]) -> int:
        """How many documents this audience may read."""
        self._check()
        return self._store.count(Filter((_FIRST, readable_by(groups))))

    def _check(self) -> None:
        """Refuse an index that another embedder made. Asked once, and again after a failure."""
        if not self._checked:
            require(self._store.collection(), self._embedder)
            self._checked = True


def made_for(embedder: Embedder | None) -> Collection:
    """The collection that fits an embedder."""
    return Collection(NONE, 0) if embedder is None else Collection(embedder.name, embedder.dimensions)


def require(collection: Collection | None, embedder: Embedder | None) -> None:
    """Check that a collection is there and was made for this embedder.

    Raises:
        IndexMissing: naming what to do.
    """
    if collection is None:
        raise IndexMissing("there is no index yet: run `candor ingest` on a folder of documents")
    wanted = made_for(embedder)
    if collection != wanted:
        raise IndexMissing(
            f"CANDOR_EMBEDDER: the index was made with {collection.embedder} ({collection.dimensions}), "
            f"not with {wanted.embedder} ({wanted.dimensions}); set it back, or remove every source with "
            "`candor sources remove` and ingest again"
        )
