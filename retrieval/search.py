"""Search: from a query to the passages that this audience may read."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.documents import Chunk, Passage, Value
from core.errors import CandorError, IndexMissing
from retrieval.access import Rights, readable_by
from retrieval.embedders import NONE, Embedder
from retrieval.glossary import Glossary
from retrieval.language import LANGUAGES, likely
from retrieval.points import DENSE, SPARSE, Condition, Filter, Range, flag, normalise_name, to_chunk
from retrieval.sparse import Keywords
from retrieval.stores import Collection, Lookup, Store
from retrieval.vectors import knows

_REMEMBERED = 30.0  # seconds for which the languages of the documents are not asked for again
_ENGLISH = ("en", "")
_FIRST = Condition("position", (0,))


@dataclass(frozen=True, slots=True)
class FieldRange:
    """Limits of a record's field, both included: numbers, or ISO 8601 days. None leaves a side open."""

    name: str
    least: float | str | None = None
    most: float | str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    Attributes:
        text: the words.
        rights: who sees what is found; each of them needs a group among a passage's readers.
        limit: how many passages at most.
        source_ids: only these sources; empty means all.
        document_id: only this document; empty means all.
        since, until: ISO 8601 days; only documents of these days or between them. Empty leaves it open.
        where: only records whose fields have these values, by name.
        ranges: only records whose fields lie within these limits.
        retrievers: the halves of search that take part, of DENSE and SPARSE.
        scored: whether each passage is to tell the score of each retriever too, which takes another call.
    """

    text: str
    rights: Rights
    limit: int = 30
    source_ids: tuple[str, ...] = ()
    document_id: str = ""
    since: str = ""
    until: str = ""
    where: Mapping[str, Value] = field(default_factory=dict)
    ranges: tuple[FieldRange, ...] = ()
    retrievers: tuple[str, ...] = (DENSE, SPARSE)
    scored: bool = False

    @property
    def filter(self) -> Filter:
        """The conditions that a store searches within."""
        must: list[Condition | Range] = [*readable_by(self.rights)]
        if self.source_ids:
            must.append(Condition("source_id", self.source_ids))
        if self.document_id:
            must.append(Condition("document_id", (self.document_id,)))
        if self.since or self.until:
            must.append(Range("date", self.since or None, self.until or None))
        must += [_equals(name, value) for name, value in self.where.items()]
        must += [Range(f"fields.{each.name}", each.least, each.most) for each in self.ranges]
        return Filter(tuple(must))


class Search:
    """Finds passages and documents in a store. May be called from several threads.

    Every method raises IndexMissing when nothing was ingested yet or another embedder did it, and
    IndexUnavailable when the store does not answer.

    Args:
        store: where the points are.
        embedder: the one that the index was made with; None searches by words alone.
        glossary: the team's own abbreviations, which a query is spelled out with.
    """

    def __init__(self, store: Store, embedder: Embedder | None, glossary: Glossary | None = None) -> None:
        self._store = store
        self._embedder = embedder
        self._glossary = glossary or Glossary()
        self._keywords = Keywords()
        self._checked = False
        self._languages: tuple[float, frozenset[str]] = (-_REMEMBERED, frozenset())

    def find(self, query: Query) -> list[Passage]:
        """The best passages, best first."""
        self._check()
        text = self._glossary.expanded(query.text)
        languages = likely(query.text, self._held())
        dense = self._dense(text, languages[0]) if DENSE in query.retrievers else None
        sparse = self._keywords.query(text, languages) if SPARSE in query.retrievers else None
        lookup = Lookup(dense, sparse, query.filter, query.limit, query.scored)
        try:
            hits = self._store.search(lookup)
        except CandorError:
            self._checked = False
            raise
        return [Passage(to_chunk(hit.id, hit.payload), hit.score, hit.scores) for hit in hits]

    def document(self, name: str, rights: Rights, source_ids: Sequence[str] = ()) -> list[Chunk]:
        """The chunks, in order, of the document that a person calls `name`.

        That is its id, its file name, its title, or its file name without suffix, whichever fits first; case
        and repeated spaces do not count. [] where this audience may read no such document, or none of these
        sources holds one; no sources means all.
        """
        self._check()
        wanted = normalise_name(name)
        readable = readable_by(rights)
        within = (Condition("source_id", tuple(source_ids)),) if source_ids else ()
        where = Filter((Condition("names", (wanted,)), _FIRST, *readable, *within))
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
            (Condition("source_id", (source_id,)), Condition("document_id", (document_id,)), *readable)
        )
        chunks = [to_chunk(record.id, record.payload) for record in self._store.scroll(where)]
        return sorted(chunks, key=lambda chunk: chunk.position)

    def documents(self, rights: Rights) -> int:
        """How many documents this audience may read."""
        self._check()
        return self._store.count(Filter((_FIRST, *readable_by(rights))))

    def _dense(self, text: str, language: str) -> list[float] | None:
        """The dense vector of a query in a language; None where there is no embedder that knows it."""
        if self._embedder is None or not text.strip() or not knows(self._embedder, language):
            return None
        vector: list[float] = self._embedder.embed_queries([text])[0].tolist()
        return vector

    def _held(self) -> frozenset[str]:
        """The languages that documents are in; English stands for those of which it is not known."""
        asked, languages = self._languages
        if time.monotonic() - asked >= _REMEMBERED:
            others = Filter(must_not=(Condition("language", _ENGLISH),))
            found = ["en"] if self._present(_ENGLISH) else []
            if self._store.count(others):
                found += self._among(tuple(sorted(LANGUAGES.difference(_ENGLISH))))
            languages = frozenset(found)
            self._languages = time.monotonic(), languages
        return languages

    def _among(self, languages: tuple[str, ...]) -> list[str]:
        """Which of these languages documents are in, asked by halves."""
        if not self._present(languages):
            return []
        if len(languages) == 1:
            return list(languages)
        middle = len(languages) // 2
        return self._among(languages[:middle]) + self._among(languages[middle:])

    def _present(self, languages: tuple[str, ...]) -> bool:
        return self._store.count(Filter((Condition("language", languages),))) > 0

    def _check(self) -> None:
        """Refuse an index that another embedder made. Asked once, and again after a failure."""
        if not self._checked:
            require(self._store.collection(), self._embedder)
            self._checked = True


def _equals(name: str, value: Value) -> Condition | Range:
    if isinstance(value, bool):
        return Condition("flags", (flag(name, value),))
    path = f"fields.{name}"
    return Condition(path, (value,)) if isinstance(value, str) else Range(path, value, value)


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
            f"not with {wanted.embedder} ({wanted.dimensions}); set it back, or run "
            "`candor index reembed`"
        )
