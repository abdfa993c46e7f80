"""Re-embedding: the index made anew for another embedder, from the chunks that it holds."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from core.errors import IndexMissing
from retrieval.embedders import Embedder
from retrieval.points import Condition, Filter, Point, to_chunk
from retrieval.search import made_for
from retrieval.stores import BATCH, Points, Record, Store
from retrieval.vectors import Vectorizer

_EVERYTHING = Filter()
# Passes over the old index until one finds nothing new: what is synced meanwhile is caught up with.
_PASSES = 5


@dataclass(frozen=True, slots=True)
class Reembedded:
    """What a re-embedding did.

    Attributes:
        chunks: how many chunks the index has now.
        embedded: how many of them were embedded by this run; the others by one that was cut off before.
    """

    chunks: int
    embedded: int


class Reembedding:
    """Makes a second collection beside the one that is searched, and puts it in its place.

    The sources are not read again. The old collection is searched until the new one is whole; cut off at
    whatever moment, the next run goes on where this one was.
    """

    def __init__(self, store: Store, embedder: Embedder | None) -> None:
        self._store = store
        self._wanted = made_for(embedder)
        self._vectorizer = Vectorizer(embedder)

    @property
    def needed(self) -> bool:
        """Whether the index was made with another embedder.

        Raises:
            IndexMissing: there is none.
        """
        collection = self._store.collection()
        if collection is None:
            raise IndexMissing("there is no index yet: run `candor ingest` on a folder of documents")
        return collection != self._wanted

    def run(
        self,
        on_progress: Callable[[int, int], None],
        quiet: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> Reembedded:
        """Embed everything anew and switch over.

        Args:
            on_progress: called with how many chunks are done, of how many.
            quiet: keeps others from writing to the index, from the last look at what they wrote until the
                new collection is in its place; without it, what comes in between is lost.

        Raises:
            IndexMissing: there is no index.
            IndexUnavailable: the store or the embedder does not answer.
        """
        if not self.needed:
            return Reembedded(self._store.count(_EVERYTHING), 0)
        beside = self._store.beside(self._wanted)
        embedded = 0
        for _ in range(_PASSES):
            fresh = self._catch_up(beside, on_progress)
            embedded += fresh
            if not fresh:
                break
        with quiet():
            embedded += self._catch_up(beside, on_progress)
            chunks = beside.count(_EVERYTHING)
            self._store.switch(self._wanted)
        return Reembedded(chunks, embedded)

    def _catch_up(self, beside: Points, on_progress: Callable[[int, int], None]) -> int:
        """Make the new collection hold what the old one holds; how many chunks had to be embedded."""
        done, held = _stamps(beside), _stamps(self._store)
        waiting = {identifier for identifier, stamp in held.items() if done.get(identifier) != stamp}
        finished = len(held) - len(waiting)
        for records in self._records(waiting):
            beside.upsert(self._points(records))
            finished += len(records)
            on_progress(finished, len(held))
        fresh: dict[tuple[str, str], set[str]] = defaultdict(set)
        for source, document, fingerprint in held.values():
            fresh[source, document].add(fingerprint)
        for source, document in {stamp[:2] for key, stamp in done.items() if held.get(key) != stamp}:
            this = (Condition("source_id", (source,)), Condition("document_id", (document,)))
            kept = Condition("fingerprint", tuple(fresh[source, document]))
            beside.delete(Filter(this, (kept,)))
        return len(waiting)

    def _records(self, wanted: set[str]) -> Iterator[list[Record]]:
        batch: list[Record] = []
        for record in self._store.scroll(_EVERYTHING):
            if record.id in wanted:
                batch.append(record)
            if len(batch) == BATCH:
                yield batch
                batch = []
        if batch:
            yield batch

    def _points(self, records: Sequence[Record]) -> list[Point]:
        vectors = self._vectorizer.vectors([to_chunk(record.id, record.payload) for record in records])
        return [
            Point(record.id, each.dense, each.sparse, record.payload)
            for record, each in zip(records, vectors, strict=True)
        ]


def _stamps(points: Points) -> dict[str, tuple[str, str, str]]:
    """The source, the document and the fingerprint of each point."""
    fields = ("source_id", "document_id", "fingerprint")
    return {
        record.id: (
            record.payload["source_id"],
            record.payload["document_id"],
            record.payload["fingerprint"],
        )
        for record in points.scroll(_EVERYTHING, fields)
    }
