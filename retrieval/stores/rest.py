"""Qdrant's REST bodies as requests to its engine, and the engine's results as REST bodies.

The shapes are those of Qdrant's OpenAPI description, as far as the server store sends and reads them.
"""

from typing import Any, cast

import qdrant_edge as edge

from retrieval.points import DENSE, SPARSE
from retrieval.stores import Collection

Body = dict[str, Any]


def filter_of(body: Body | None) -> edge.Filter | None:
    """A filter: `must`, `should` and `must_not`, each one condition or a list of them.

    Raises:
        ValueError: a condition that is not supported.
    """
    if body is None:
        return None
    return edge.Filter(
        must=_conditions(body.get("must")),
        should=_conditions(body.get("should")),
        must_not=_conditions(body.get("must_not")),
    )


def _conditions(body: Body | list[Body] | None) -> "list[edge.ConditionType] | None":
    if body is None:
        return None
    return [_condition(condition) for condition in (body if isinstance(body, list) else [body])]


def _condition(body: Body) -> "edge.ConditionType":
    match body:
        case {"has_id": ids}:
            return edge.HasIdCondition(set(ids))
        case {"key": key, "match": {"any": values}}:
            return edge.FieldCondition(key, match=edge.MatchAny(values))
        case {"key": key, "match": {"value": value}}:
            return edge.FieldCondition(key, match=edge.MatchValue(value))
        case {"key": key, "range": limits}:
            return edge.FieldCondition(key, range=_range(limits))
        case {"must": _} | {"should": _} | {"must_not": _}:
            return cast("edge.Filter", filter_of(body))
    raise ValueError(f"condition not supported: {sorted(body)}")


def _range(limits: Body) -> "edge.RangeType":
    given = {name: limits.get(name) for name in ("gte", "gt", "lte", "lt")}
    if any(isinstance(limit, str) for limit in given.values()):
        return edge.RangeDateTime(**given)
    return edge.RangeFloat(**given)


def _vector(body: list[float] | Body) -> "edge.NamedVector":
    if isinstance(body, dict):
        return edge.SparseVector(body["indices"], body["values"])
    return body


def _query(body: Any, using: str | None) -> "edge.ScoringQueryType | None":
    match body:
        case None:
            return None
        case {"fusion": "dbsf"}:
            return cast("edge.Fusion", edge.Fusion.Dbsf())  # the stub does not call it one
        case {"nearest": vector} | ([*_] as vector) | ({"indices": _} as vector):
            return edge.Query.Nearest(_vector(vector), using=using)
    raise ValueError("only nearest and dbsf queries are supported")


def _prefetches(body: Body | list[Body] | None) -> list[edge.Prefetch] | None:
    if body is None:
        return None
    return [
        edge.Prefetch(
            limit=stage.get("limit") or 10,
            query=_query(stage.get("query"), stage.get("using")),
            prefetches=_prefetches(stage.get("prefetch")),
            filter=filter_of(stage.get("filter")),
            score_threshold=stage.get("score_threshold"),
        )
        for stage in (body if isinstance(body, list) else [body])
    ]


def query_request(body: Body) -> edge.QueryRequest:
    """The body of `points/query`."""
    return edge.QueryRequest(
        limit=body.get("limit") or 10,
        offset=body.get("offset"),
        query=_query(body.get("query"), body.get("using")),
        prefetches=_prefetches(body.get("prefetch")),
        with_payload=body.get("with_payload") or False,
        with_vector=False,
        filter=filter_of(body.get("filter")),
        score_threshold=body.get("score_threshold"),
    )


def scroll_request(body: Body) -> edge.ScrollRequest:
    """The body of `points/scroll`."""
    payload = body.get("with_payload")
    return edge.ScrollRequest(
        offset=body.get("offset"),
        limit=body.get("limit") or 10,
        filter=filter_of(body.get("filter")),
        with_payload=True if payload is None else payload,
        with_vector=False,
    )


def count_request(body: Body) -> edge.CountRequest:
    """The body of `points/count`."""
    return edge.CountRequest(exact=body.get("exact") is not False, filter=filter_of(body.get("filter")))


def point(body: Body) -> edge.Point:
    """One point of an upsert, with named vectors."""
    vectors: dict[str, edge.NamedVector] = {name: _vector(vector) for name, vector in body["vector"].items()}
    return edge.Point(body["id"], vectors, body.get("payload"))


def selection(body: Body) -> edge.UpdateOperation:
    """The body of `points/delete`: ids or a filter."""
    if "points" in body:
        return edge.UpdateOperation.delete_points(body["points"])
    return edge.UpdateOperation.delete_points_by_filter(cast("edge.Filter", filter_of(body["filter"])))


def scored_json(scored: edge.ScoredPoint) -> Body:
    """A point that a query found."""
    return {
        "id": str(scored.id),
        "version": scored.version,
        "score": scored.score,
        "payload": scored.payload,
    }


def record_json(record: edge.Record) -> Body:
    """A point that a scroll met."""
    return {"id": str(record.id), "payload": record.payload}


def collection_of(body: Body) -> Collection:
    """The body of a collection's creation; its metadata must name the embedder."""
    vectors = body.get("vectors") or {}
    size = vectors[DENSE]["size"] if DENSE in vectors else 0
    return Collection(body["metadata"]["embedder"], size)


def collection_json(collection: Collection, info: "edge.ShardInfo") -> Body:
    """What a collection says of itself. The engine is not optimised while it serves, so all is `ok`."""
    vectors = {DENSE: {"size": collection.dimensions, "distance": "Cosine"}} if collection.dimensions else {}
    return {
        "status": "green",
        "optimizer_status": "ok",
        "points_count": info.points_count,
        "indexed_vectors_count": info.indexed_vectors_count,
        "segments_count": info.segments_count,
        "payload_schema": {
            name: {"data_type": str(index.data_type).rpartition(".")[2].lower(), "points": index.points}
            for name, index in info.payload_schema.items()
        },
        "config": {
            "params": {"vectors": vectors, "sparse_vectors": {SPARSE: {"modifier": "idf"}}},
            "hnsw_config": {"m": 16, "ef_construct": 100, "full_scan_threshold": 10000},
            "optimizer_config": {
                "deleted_threshold": 0.2,
                "vacuum_min_vector_number": 1000,
                "default_segment_number": 0,
                "flush_interval_sec": 5,
            },
            "metadata": {"embedder": collection.embedder, "dimensions": collection.dimensions},
        },
    }
