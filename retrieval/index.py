"""The index: makes what a store holds of a source equal to the source."""

import bisect
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeVar

from core.documents import Chunk, Document
from retrieval import chunker, sparse
from retrieval.embedders import Embedder
from retrieval.loaders import Skipped, Unchanged
from retrieval.points import Condition, Filter, Point, Stamp, to_chunk, to_point, to_stamp
from retrieval.search import made_for, require
from retrieval.stores import BATCH, Store
from retrieval.vectors import Vectorizer

Item = TypeVar("Item")

RULES = f"{chunker.VERSION} {sparse.VERSION}"
"""By which chunks and their words are made: when it changes, every document is indexed anew."""


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far a sync is. `document` is the id or path of the last one that was looked at."""

    found: int
    indexed: int
    unchanged: int
    skipped: int
    chunks: int
    document: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a sync did with a source.

    Attributes:
        found: documents and files that were looked at.
        indexed: new or changed documents that were written.
        unchanged: documents that were there already and were not embedded again.
        deleted: documents that were there and are gone from the source.
        skipped: what was left out, and why.
        chunks: chunks that the source has in the index now.
    """

    found: int
    indexed: int
    unchanged: int
    deleted: int
    skipped: tuple[Skipped, ...]
    chunks: int


@dataclass(slots=True)
class _Work:
    """Counts of a sync, and the documents that wait to be written together.

    `names` are those held before, `size` is how many chunks wait.
    """

    names: list[str]
    size: int = 0
    found: int = 0
    indexed: int = 0
    unchanged: int = 0
    chunks: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    waiting: list[tuple[Stamp, list[Chunk]]] = field(default_factory=list)

    def skip(self, item: Skipped, held: Mapping[str, Stamp | None]) -> None:
        """Leave an item out. What the index holds of it goes too, unless it is to be kept."""
        before = [item.path] if item.path in held else []
        for below in (item.path + "#", item.path + "/"):
            for name in islice(self.names, bisect.bisect_left(self.names, below), None):
                if not name.startswith(below):
                    break
                before.append(name)
        if item.keep:
            self.seen.update(before)
            self.chunks += sum(stamp.total for name in before if (stamp := held[name]))
        after = "; what was indexed of it before " + ("is kept" if item.keep else "goes")
        self.skipped.append(replace(item, reason=item.reason + after) if before else item)

    def keep(self, name: str, stamp: Stamp | None) -> None:
        """Count a document as unchanged."""
        self.seen.add(name)
        self.unchanged += 1
        self.chunks += stamp.total if stamp else 0

    def progress(self, document: str) -> SyncProgress:
        return SyncProgress(
            self.found, self.indexed, self.unchanged, len(self.skipped), self.chunks, document
        )


class Index:
    """Writes documents into a store."""

    def __init__(self, store: Store, embedder: Embedder | None) -> None:
        self._store = store
        self._embedder = embedder
        self._vectorizer = Vectorizer(embedder)

    def sync(
        self,
        source_id: str,
        documents: Iterable[Document | Skipped | Unchanged],
        on_progress: Callable[[SyncProgress], None] | None = None,
    ) -> Coverage:
        """Make the index equal to a source.

        Documents that have not changed since the last sync are left alone, and so not embedded again; of a
        changed one the new points come in before the stale ones go; documents that are gone go last. One that
        cannot be read just now stays as it was. Cut off at whatever moment, the same sync run again finishes
        it.

        Args:
            source_id: the source that all documents belong to.
            documents: everything that the source holds now.
            on_progress: called after each document.

        Raises:
            IndexMissing: the index was made by another embedder.
            IndexUnavailable: the store does not answer.
        """
        self._prepare()
        held = self._held(source_id)
        work = _Work(sorted(held))
        for item in documents:
            work.found += 1
            if isinstance(item, Skipped):
                work.skip(item, held)
                name = item.path
            elif isinstance(item, Unchanged):
                name = item.document.id
                work.keep(name, held.get(name))
            else:
                self._take(item, held, work)
                name = item.id
            if work.size >= BATCH:
                self._write(source_id, work, held)
            if on_progress is not None:
                on_progress(work.progress(name))
        self._write(source_id, work, held)
        gone = sorted(held.keys() - work.seen)
        for batch in _batches(gone):
            self._store.delete(_of_documents(source_id, batch))
        return Coverage(work.found, work.indexed, work.unchanged, len(gone), tuple(work.skipped), work.chunks)

    def remove(self, source_id: str) -> None:
        """Remove all that the index holds of a source; it need not be there."""
        if self._store.collection() is not None:
            self._store.delete(Filter((Condition("source_id", (source_id,)),)))

    def fingerprints(self, source_id: str) -> dict[str, str]:
        """The fingerprint of each document of a source that the index holds whole, by its id."""
        if self._store.collection() is None:
            return {}
        return {name: stamp.fingerprint for name, stamp in self._held(source_id).items() if stamp}

    def recall(self, source_id: str, document_ids: Sequence[str]) -> Iterator[Document]:
        """Documents as their chunks have them: what stood between two chunks was white space."""
        for document_id in document_ids:
            where = _of_documents(source_id, [document_id])
            chunks = [to_chunk(record.id, record.payload) for record in self._store.scroll(where)]
            yield chunker.joined(sorted(chunks, key=lambda chunk: chunk.position))

    def forget(self, source_id: str, conversations: Sequence[str]) -> None:
        """Remove some conversations of a source, until a sync brings back what is left of them.

        Raises:
            IndexUnavailable: the store does not answer.
        """
        if self._store.collection() is None:
            return
        below = tuple(f"{name}/" for name in conversations)
        gone = [name for name in sorted(self._held(source_id)) if name.startswith(below)]
        for batch in _batches(gone):
            self._store.delete(_of_documents(source_id, batch))

    def _prepare(self) -> None:
        """Have a collection for this embedder; one that is empty may be replaced."""
        wanted = made_for(self._embedder)
        collection = self._store.collection()
        if collection not in (None, wanted) and not self._store.count(Filter()):
            self._store.drop()
        self._store.create(wanted)
        require(self._store.collection(), self._embedder)

    def _held(self, source_id: str) -> dict[str, Stamp | None]:
        """The documents that the index holds of a source; None for one whose points do not fit together."""
        stamps: dict[str, set[Stamp]] = {}
        points: dict[str, int] = {}
        where = Filter((Condition("source_id", (source_id,)),))
        for record in self._store.scroll(where, ("document_id", "fingerprint", "total")):
            document_id = record.payload["document_id"]
            stamps.setdefault(document_id, set()).add(to_stamp(record.payload))
            points[document_id] = points.get(document_id, 0) + 1
        return {
            document_id: stamp if not others and stamp.total == points[document_id] else None
            for document_id, (stamp, *others) in stamps.items()
        }

    def _take(self, document: Document, held: dict[str, Stamp | None], work: _Work) -> None:
        """Count a document as unchanged or skipped, or put it with those that wait to be written."""
        if document.id in work.seen:
            work.skipped.append(Skipped(document.id, "another document of this source has the same id"))
            return
        fingerprint = self._fingerprint(document)
        stamp = held.get(document.id)
        if stamp is not None and stamp.fingerprint == fingerprint:
            work.keep(document.id, stamp)
            return
        chunks = chunker.chunk(document)
        if not chunks:
            work.skipped.append(Skipped(document.id, "it has no text"))
            return
        work.seen.add(document.id)
        work.waiting.append((Stamp(fingerprint, len(chunks)), chunks))
        work.size += len(chunks)

    def _fingerprint(self, document: Document) -> str:
        """SHA-256 of all that a document's points depend on but the embedder, which the collection names."""
        parts = [
            document.text,
            document.title,
            document.link,
            sorted(document.readers),
            document.language,
            document.date,
            document.attribution,
            dict(document.fields),
            chunker.VERSION,
            sparse.VERSION,
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def _write(self, source_id: str, work: _Work, held: dict[str, Stamp | None]) -> None:
        """Write the documents that wait, then drop the stale points of those that were there before."""
        together = [(stamp, chunk) for stamp, chunks in work.waiting for chunk in chunks]
        for batch in _batches(together):
            self._store.upsert(self._points(batch))
        for stamp, chunks in work.waiting:
            document_id = chunks[0].document_id
            if document_id in held:
                old = _of_documents(source_id, [document_id])
                fresh = Condition("fingerprint", (stamp.fingerprint,))
                self._store.delete(Filter(old.must, (fresh,)))
        work.indexed += len(work.waiting)
        work.chunks += len(together)
        work.waiting.clear()
        work.size = 0

    def _points(self, batch: Sequence[tuple[Stamp, Chunk]]) -> list[Point]:
        vectors = self._vectorizer.vectors([chunk for _, chunk in batch])
        return [to_point(chunk, stamp, each) for (stamp, chunk), each in zip(batch, vectors, strict=True)]


def _of_documents(source_id: str, document_ids: Sequence[str]) -> Filter:
    return Filter((Condition("source_id", (source_id,)), Condition("document_id", tuple(document_ids))))


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
