"""A shard: one collection in Qdrant's engine, in this process, in a folder of its own."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import qdrant_edge as edge

from core.errors import IndexMissing, IndexUnavailable
from retrieval.points import (
    DENSE,
    INTEGER_FIELDS,
    KEYWORD_FIELDS,
    SPARSE,
    Condition,
    Filter,
    Hit,
    Point,
    Range,
)
from retrieval.stores import PREFETCH, Collection, Lookup, Record

_DESCRIPTION = "collection.json"
_PAGE = 1000
_FLUSH_EVERY = 8192

Result = TypeVar("Result")

_SEARCH_THREADS = 1
"""One: most indexes are a single segment, where choosing among more takes longer than it saves."""

_DBSF = cast("edge.Fusion", edge.Fusion.Dbsf())  # the stub does not call it a Fusion


def damaged(folder: Path, cause: str) -> IndexUnavailable:
    """What is said of an index that is there and cannot be opened."""
    return IndexUnavailable(
        f"CANDOR_HOME: cannot open the index in {folder} ({cause}); if it is damaged, remove "
        "that folder and ingest your documents again"
    )


class Shard:
    """Keeps points in a folder.

    Only one may be open on a folder at a time, on the whole machine: the engine's own lock refuses a second.
    An upsert is safe in the engine's write-ahead log when the call returns. Search is exact as long as nobody
    calls `optimize`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changing = threading.RLock()
        self._unflushed = 0
        self._shard: edge.EdgeShard | None = None
        self._collection: Collection | None = None
        if (self._folder / _DESCRIPTION).exists():
            self._load()

    def run(self, action: Callable[[edge.EdgeShard], Result]) -> Result:
        """Do something with the engine.

        Raises:
            IndexMissing: there is no collection.
            IndexUnavailable: the engine refused, with its own words.
        """
        shard = self._shard
        if shard is None:
            raise IndexMissing("there is no index yet: run `candor ingest` on a folder of documents")
        try:
            return action(shard)
        except Exception as error:  # the engine raises nothing more special
            raise IndexUnavailable(f"the index in {self._folder} failed: {error}") from error

    def collection(self) -> Collection | None:  # noqa: D102 see Points
        return self._collection

    def create(self, collection: Collection) -> None:  # noqa: D102 see Points
        with self._changing:
            if self._shard is not None:
                return
            # Made beside and moved into place, so that a crash leaves a whole collection or none.
            making = self._folder.with_name(f"{self._folder.name}.making")
            shutil.rmtree(making, ignore_errors=True)
            shutil.rmtree(self._folder, ignore_errors=True)
            making.mkdir(parents=True)
            shard = edge.EdgeShard.create(str(making), _config(collection))
            for field in KEYWORD_FIELDS:
                shard.update(edge.UpdateOperation.create_field_index(field, edge.PayloadSchemaType.Keyword))
            for field in INTEGER_FIELDS:
                shard.update(edge.UpdateOperation.create_field_index(field, edge.PayloadSchemaType.Integer))
            shard.flush()
            shard.close()
            description = {"embedder": collection.embedder, "dimensions": collection.dimensions}
            (making / _DESCRIPTION).write_text(json.dumps(description), encoding="utf-8")
            making.rename(self._folder)
            self._load()

    def drop(self) -> None:  # noqa: D102 see Points
        with self._changing:
            shard, self._shard, self._collection = self._shard, None, None
            if shard is not None:
                shard.close()
            (self._folder / _DESCRIPTION).unlink(missing_ok=True)
            shutil.rmtree(self._folder, ignore_errors=True)

    def upsert(self, points: Sequence[Point]) -> None:  # noqa: D102 see Points
        self.write(edge.UpdateOperation.upsert_points([_point(point) for point in points]), len(points))

    def delete(self, where: Filter) -> None:  # noqa: D102 see Points
        if not where.impossible:
            self.write(edge.UpdateOperation.delete_points_by_filter(_filter(where)), 1)

    def write(self, operation: edge.UpdateOperation, points: int) -> None:
        """Apply an update of about so many points; now and then the log is flushed to the segments."""
        self.run(lambda shard: shard.update(operation))
        with self._changing:
            self._unflushed += points
            if self._unflushed < _FLUSH_EVERY:
                return
            self._unflushed = 0
        self.run(lambda shard: shard.flush())

    def search(self, lookup: Lookup) -> list[Hit]:  # noqa: D102 see Points
        if lookup.where.impossible:
            return []
        queries = _queries(lookup)
        if not queries:
            return []
        where = _filter(lookup.where)
        if len(queries) == 1:
            ((retriever, query),) = queries.items()
            alone = edge.QueryRequest(limit=lookup.limit, query=query, filter=where, with_payload=True)
            return [
                Hit(str(point.id), point.score, {retriever: point.score}, point.payload or {})
                for point in self.run(lambda shard: shard.query(alone))
            ]
        prefetches = [
            edge.Prefetch(limit=max(PREFETCH, lookup.limit), query=query, filter=where)
            for query in queries.values()
        ]
        fused = edge.QueryRequest(limit=lookup.limit, query=_DBSF, prefetches=prefetches, with_payload=True)
        # The engine makes an id anew each time that it is asked for one.
        found = [(point.id, point) for point in self.run(lambda shard: shard.query(fused))]
        scores = self._scores(queries, {identifier for identifier, _ in found}) if lookup.scored else {}
        return [
            Hit(str(identifier), point.score, scores.get(identifier, {}), point.payload or {})
            for identifier, point in found
        ]

    def _scores(
        self, queries: dict[str, edge.Query], ids: "set[edge.PointId]"
    ) -> "dict[edge.PointId, dict[str, float]]":
        """Each retriever's own score of points that were found. Cheap: it looks at no other point."""
        if not ids:
            return {}
        these = edge.Filter(must=[edge.HasIdCondition(ids)])
        batch = edge.QueryBatchRequest(
            [edge.QueryRequest(limit=len(ids), query=query, filter=these) for query in queries.values()]
        )
        scores: dict[edge.PointId, dict[str, float]] = {}
        for retriever, points in zip(queries, self.run(lambda shard: shard.query_batch(batch)), strict=True):
            for point in points:
                scores.setdefault(point.id, {})[retriever] = point.score
        return scores

    def scroll(self, where: Filter, fields: Sequence[str] | None = None) -> Iterator[Record]:  # noqa: D102 see Points
        if where.impossible:
            return
        offset: edge.PointId | None = None
        while True:
            request = edge.ScrollRequest(
                offset=offset,
                limit=_PAGE,
                filter=_filter(where),
                with_payload=True if fields is None else list(fields),
                with_vector=False,
            )
            records, offset = self.run(partial(edge.EdgeShard.scroll, scroll=request))
            yield from (Record(str(record.id), record.payload or {}) for record in records)
            if offset is None:
                return

    def count(self, where: Filter) -> int:  # noqa: D102 see Points
        if where.impossible:
            return 0
        return self.run(lambda shard: shard.count(edge.CountRequest(exact=True, filter=_filter(where))))

    def optimize(self) -> bool:
        """Merge segments and build the graph that makes search approximate, but faster in large collections.

        Returns:
            Whether there was anything to do. It stops the whole process, for minutes at 100,000 points.
        """
        return self.run(lambda shard: shard.optimize())

    def close(self) -> None:  # noqa: D102 see Points
        with self._changing:
            shard, self._shard, self._collection = self._shard, None, None
            if shard is not None:
                shard.flush()
                shard.close()

    def _load(self) -> None:
        try:
            description = json.loads((self._folder / _DESCRIPTION).read_text(encoding="utf-8"))
            collection = Collection(description["embedder"], description["dimensions"])
            shard = edge.EdgeShard.load(str(self._folder))
        except Exception as error:
            raise damaged(self._folder, str(error)) from error
        self._collection = collection
        self._shard = shard


def _config(collection: Collection) -> edge.EdgeConfig:
    """How points are kept.

    Vectors take two bytes a number: half the memory, which is what exact search mostly waits for, at scores
    that differ by less than 0.0001. Keyword search goes by its index even where the filter leaves few points:
    below the threshold the engine would look at each of them instead, which takes several times as long.
    """
    dense = edge.EdgeVectorParams(
        collection.dimensions, edge.Distance.Cosine, datatype=edge.VectorStorageDatatype.Turbo16
    )
    sparse = edge.EdgeSparseVectorParams(full_scan_threshold=1, modifier=edge.Modifier.Idf)
    return edge.EdgeConfig(
        vectors={DENSE: dense} if collection.dimensions else None,
        sparse_vectors={SPARSE: sparse},
        max_search_threads=_SEARCH_THREADS,
    )


def _point(point: Point) -> edge.Point:
    vector: dict[str, edge.NamedVector] = {
        SPARSE: edge.SparseVector(list(point.sparse.indices), list(point.sparse.values))
    }
    if point.dense is not None:
        vector[DENSE] = list(point.dense)
    return edge.Point(point.id, vector, dict(point.payload))


def _queries(lookup: Lookup) -> dict[str, edge.Query]:
    queries = {}
    if lookup.dense is not None:
        queries[DENSE] = edge.Query.Nearest(list(lookup.dense), using=DENSE)
    if lookup.sparse is not None and lookup.sparse.indices:
        vector = edge.SparseVector(list(lookup.sparse.indices), list(lookup.sparse.values))
        queries[SPARSE] = edge.Query.Nearest(vector, using=SPARSE)
    return queries


def _condition(condition: Condition | Range) -> edge.FieldCondition:
    if isinstance(condition, Range):
        return edge.FieldCondition(condition.field, range=_range(condition))
    return edge.FieldCondition(
        condition.field, match=edge.MatchAny(cast("list[str]", list(condition.values)))
    )


def _range(condition: Range) -> "edge.RangeType":
    least, most = condition.least, condition.most
    if isinstance(least, str) or isinstance(most, str):
        return edge.RangeDateTime(gte=cast("str | None", least), lte=cast("str | None", most))
    return edge.RangeFloat(gte=least, lte=most)


def _filter(where: Filter) -> edge.Filter:
    return edge.Filter(
        must=[_condition(condition) for condition in where.must],
        must_not=[_condition(condition) for condition in where.must_not if condition.values],
    )
