"""The server store: points on a Qdrant server, or in another process that speaks its REST API."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import httpx
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from core.errors import IndexMissing, IndexUnavailable, Misconfigured
from core.settings import HomeSettings
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
from retrieval.stores import MOVED, PREFETCH, Collection, Lookup, Record, StoreSettings, slot

_PAGE = 1000
_KEEP_ALIVE = httpx.Limits(max_keepalive_connections=8, keepalive_expiry=4.0)

Result = TypeVar("Result")


class ServerCollection:
    """Keeps points in one collection of a Qdrant server (1.16 or later, which keeps a collection's metadata).

    Args:
        client: an unpatched client, over whichever transport.
        name: of the collection.
        setting: what named the server, for errors.
    """

    def __init__(self, client: QdrantClient, name: str, setting: str) -> None:
        self._client = client
        self._name = name
        self._setting = setting

    def collection(self) -> Collection | None:  # noqa: D102 see Store
        try:
            info = self._run(lambda: self._client.get_collection(self._name))
        except IndexMissing:
            return None
        metadata = info.config.metadata or {}
        return Collection(str(metadata.get("embedder", "")), int(metadata.get("dimensions", 0)))

    def create(self, collection: Collection) -> None:  # noqa: D102 see Store
        if self.collection() is None:
            self._create(collection)
        indexed = self._run(lambda: self._client.get_collection(self._name)).payload_schema
        fields = dict.fromkeys(KEYWORD_FIELDS, models.PayloadSchemaType.KEYWORD)
        fields |= dict.fromkeys(INTEGER_FIELDS, models.PayloadSchemaType.INTEGER)
        for field in fields.keys() - indexed.keys():
            self._run(
                partial(self._client.create_payload_index, self._name, field, field_schema=fields[field])
            )

    def _create(self, collection: Collection) -> None:
        dense = {DENSE: models.VectorParams(size=collection.dimensions, distance=models.Distance.COSINE)}
        try:
            self._run(
                lambda: self._client.create_collection(
                    self._name,
                    vectors_config=dense if collection.dimensions else {},
                    sparse_vectors_config={SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                    metadata={"embedder": collection.embedder, "dimensions": collection.dimensions},
                )
            )
        except IndexUnavailable:
            # Another process may have been first: then its collection is there now.
            if self.collection() is None:
                raise

    def drop(self) -> None:  # noqa: D102 see Store
        if self.collection() is not None:
            self._run(lambda: self._client.delete_collection(self._name))

    def upsert(self, points: Sequence[Point]) -> None:  # noqa: D102 see Store
        structs = [_point(point) for point in points]
        self._run(lambda: self._client.upsert(self._name, structs, wait=True))

    def delete(self, where: Filter) -> None:  # noqa: D102 see Store
        if not where.impossible:
            selector = models.FilterSelector(filter=_filter(where))
            self._run(lambda: self._client.delete(self._name, selector, wait=True))

    def search(self, lookup: Lookup) -> list[Hit]:  # noqa: D102 see Store
        queries = _queries(lookup)
        if lookup.where.impossible or not queries:
            return []
        where = _filter(lookup.where)
        if len(queries) == 1:
            using, only = next(iter(queries.items()))
            found = self._query(models.NearestQuery(nearest=only), None, lookup.limit, using, where)
            return [
                Hit(str(point.id), point.score, {using: point.score}, point.payload or {}) for point in found
            ]
        prefetch = [
            models.Prefetch(
                query=models.NearestQuery(nearest=vector),
                using=using,
                filter=where,
                limit=max(PREFETCH, lookup.limit),
            )
            for using, vector in queries.items()
        ]
        found = self._query(models.FusionQuery(fusion=models.Fusion.DBSF), prefetch, lookup.limit)
        scores = self._scores(queries, [str(point.id) for point in found]) if lookup.scored else {}
        return [
            Hit(str(point.id), point.score, scores.get(str(point.id), {}), point.payload or {})
            for point in found
        ]

    def _query(
        self,
        query: models.NearestQuery | models.FusionQuery,
        prefetch: list[models.Prefetch] | None,
        limit: int,
        using: str | None = None,
        where: models.Filter | None = None,
    ) -> list[models.ScoredPoint]:
        # One query, not a batch of one: the client copies each query of a batch as a whole.
        return self._run(
            lambda: self._client.query_points(
                self._name, query, using=using, prefetch=prefetch, query_filter=where, limit=limit
            )
        ).points

    def _scores(
        self, queries: dict[str, list[float] | models.SparseVector], ids: list[str]
    ) -> dict[str, dict[str, float]]:
        """Each retriever's own score of points that were found. Cheap: it looks at no other point."""
        if not ids:
            return {}
        these = models.Filter(must=[models.HasIdCondition(has_id=list(ids))])
        requests = [
            models.QueryRequest(
                query=models.NearestQuery(nearest=vector), using=using, filter=these, limit=len(ids)
            )
            for using, vector in queries.items()
        ]
        scores: dict[str, dict[str, float]] = {}
        answers = self._run(lambda: self._client.query_batch_points(self._name, requests))
        for retriever, answer in zip(queries, answers, strict=True):
            for point in answer.points:
                scores.setdefault(str(point.id), {})[retriever] = point.score
        return scores

    def scroll(self, where: Filter, fields: Sequence[str] | None = None) -> Iterator[Record]:  # noqa: D102 see Store
        if where.impossible:
            return
        offset: models.ExtendedPointId | None = None
        while True:
            records, offset = self._run(
                partial(
                    self._client.scroll,
                    self._name,
                    scroll_filter=_filter(where),
                    limit=_PAGE,
                    offset=offset,
                    with_payload=True if fields is None else list(fields),
                )
            )
            yield from (Record(str(record.id), record.payload or {}) for record in records)
            if offset is None:
                return

    def count(self, where: Filter) -> int:  # noqa: D102 see Store
        if where.impossible:
            return 0
        return self._run(
            lambda: self._client.count(self._name, count_filter=_filter(where), exact=True)
        ).count

    def close(self) -> None:  # noqa: D102 see Store
        self._client.close()

    def _run(self, call: Callable[[], Result]) -> Result:
        """Make a call of the client, with its errors as ours."""
        try:
            return call()
        except UnexpectedResponse as error:
            if error.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
                raise Misconfigured(f"{self._setting}: the Qdrant server refuses the API key") from None
            if error.status_code == httpx.codes.NOT_FOUND:
                raise IndexMissing(
                    f"there is no index yet (collection {self._name}): run `candor ingest` on a folder"
                ) from None
            raise IndexUnavailable(
                f"{self._setting}: the Qdrant server answered {error.status_code} {error.reason_phrase}"
            ) from error
        except (ApiException, QdrantException, json.JSONDecodeError) as error:
            cause = getattr(error, "source", error)
            raise IndexUnavailable(
                f"{self._setting}: the Qdrant server does not answer ({type(cause).__name__}: {cause})"
            ) from error


class ServerStore(ServerCollection):
    """The collection that an alias names, and another one beside it while it is made anew.

    The alias has the name that the settings give; the collections add to it what they were made for.
    """

    def __init__(self, client: QdrantClient, name: str, setting: str) -> None:
        super().__init__(client, name, setting)
        self._alias = name

    def collection(self) -> Collection | None:  # noqa: D102 see Store
        name = self._current()
        self._name = name or self._alias
        return super().collection() if name else None

    def create(self, collection: Collection) -> None:  # noqa: D102 see Store
        current = self._current()
        name = current or slot(self._alias, collection)
        self._named(name).create(collection)
        if not current:
            self._point_to(name)
        self._name = name

    def drop(self) -> None:  # noqa: D102 see Store
        current = self._current()
        if current:
            alias = models.DeleteAlias(alias_name=self._alias)
            self._run(
                lambda: self._client.update_collection_aliases(
                    [models.DeleteAliasOperation(delete_alias=alias)]
                )
            )
            self._named(current).drop()
        self._name = self._alias

    def beside(self, collection: Collection) -> ServerCollection:  # noqa: D102 see Store
        made = self._named(slot(self._alias, collection))
        made.create(collection)
        return made

    def switch(self, collection: Collection) -> None:  # noqa: D102 see Store
        current, wanted = self._current(), slot(self._alias, collection)
        if current != wanted:
            self._point_to(wanted)
            if current:
                self._named(current).drop()
        self._name = wanted

    def _named(self, name: str) -> ServerCollection:
        return ServerCollection(self._client, name, self._setting)

    def _current(self) -> str:
        """Name of the collection behind the alias; empty where there is none."""
        try:
            aliases = super()._run(self._client.get_aliases).aliases
        except IndexMissing:  # what stands there has no aliases
            return ""
        return next((each.collection_name for each in aliases if each.alias_name == self._alias), "")

    def _point_to(self, name: str) -> None:
        alias = models.CreateAlias(collection_name=name, alias_name=self._alias)
        self._run(
            lambda: self._client.update_collection_aliases([models.CreateAliasOperation(create_alias=alias)])
        )

    def _run(self, call: Callable[[], Result]) -> Result:
        try:
            return super()._run(call)
        except IndexMissing:
            if self._name == self._alias or self._current() in ("", self._name):
                raise
            raise IndexMissing(MOVED) from None


def connect(
    url: str, key: str, timeout: int, *, name: str, setting: str, trust_env: bool = True
) -> ServerStore:
    """A store on the server at a URL.

    The key travels in a header of our own making, since the client warns of every plain HTTP connection.

    Raises:
        Misconfigured: the URL is none.
    """
    try:
        client = QdrantClient(
            url=url,
            headers={"api-key": key} if key else {},
            timeout=timeout,
            check_compatibility=False,
            limits=_KEEP_ALIVE,
            trust_env=trust_env,
        )
    except ValueError as error:
        raise Misconfigured(f"{setting}: {url!r} is not the URL of a Qdrant server ({error})") from None
    return ServerStore(client, name, setting)


def create(settings: StoreSettings, _home: HomeSettings) -> ServerStore:
    """The store on the server that the settings name."""
    return connect(
        settings.qdrant_url,
        settings.qdrant_api_key.get_secret_value(),
        settings.qdrant_timeout,
        name=settings.qdrant_collection,
        setting="CANDOR_QDRANT_URL",
    )


def _point(point: Point) -> models.PointStruct:
    vector: dict[str, list[float] | models.SparseVector] = {
        SPARSE: models.SparseVector(indices=list(point.sparse.indices), values=list(point.sparse.values))
    }
    if point.dense is not None:
        vector[DENSE] = list(point.dense)
    return models.PointStruct(id=point.id, vector=vector, payload=dict(point.payload))


def _queries(lookup: Lookup) -> dict[str, list[float] | models.SparseVector]:
    queries: dict[str, list[float] | models.SparseVector] = {}
    if lookup.dense is not None:
        queries[DENSE] = list(lookup.dense)
    if lookup.sparse is not None and lookup.sparse.indices:
        queries[SPARSE] = models.SparseVector(
            indices=list(lookup.sparse.indices), values=list(lookup.sparse.values)
        )
    return queries


def _condition(condition: Condition | Range) -> models.FieldCondition:
    if isinstance(condition, Range):
        return models.FieldCondition(key=condition.field, range=_range(condition))
    return models.FieldCondition(key=condition.field, match=models.MatchAny(any=list(condition.values)))


def _range(condition: Range) -> models.RangeInterface:
    if isinstance(condition.least, str) or isinstance(condition.most, str):
        least, most = (_midnight(day) for day in (condition.least, condition.most))
        return models.DatetimeRange(gte=least, lte=most)
    return models.Range(gte=condition.least, lte=condition.most)


def _midnight(day: float | str | None) -> dt.datetime | None:
    return None if day is None else dt.datetime.fromisoformat(str(day)).replace(tzinfo=dt.UTC)


def _filter(where: Filter) -> models.Filter:
    return models.Filter(
        must=[_condition(condition) for condition in where.must],
        must_not=[_condition(condition) for condition in where.must_not if condition.values],
    )
