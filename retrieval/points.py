"""Points: what a store keeps of a chunk, and how the two turn into each other. The only place that knows."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from core.documents import Chunk

DENSE = "dense"
"""Name of the vector that an embedder makes."""

SPARSE = "sparse"
"""Name of the BM25 vector."""

KEYWORD_FIELDS = ("source_id", "document_id", "readers", "fingerprint", "names", "language")
"""Payload fields that filters name, indexed as keywords before the first point comes in."""

INTEGER_FIELDS = ("position",)
"""Payload fields that filters name, indexed as integers."""

_NAMESPACE = uuid.UUID("5b1f5c0e-8a53-5f5e-9d2b-6a4d9f1c7e30")


@dataclass(frozen=True, slots=True)
class Sparse:
    """A sparse vector: parallel sequences of token ids and weights."""

    indices: Sequence[int]
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Point:
    """One chunk as a store keeps it. `dense` is None where there is no embedder."""

    id: str
    dense: Sequence[float] | None
    sparse: Sparse
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hit:
    """A point that a search found. `scores` are by retriever, before fusion, where they were asked for."""

    id: str
    score: float
    scores: Mapping[str, float]
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """A payload field (or one element of a list field) is one of these values; no value, no match."""

    field: str
    values: tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A payload field lies between two numbers or ISO 8601 days, both included. None leaves a side open."""

    field: str
    least: float | str | None = None
    most: float | str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """All of `must` hold and none of `must_not`. Empty, it matches every point."""

    must: tuple[Condition | Range, ...] = ()
    must_not: tuple[Condition, ...] = ()

    @property
    def impossible(self) -> bool:
        """Whether no point can match, since a condition that must hold allows no value."""
        return any(isinstance(condition, Condition) and not condition.values for condition in self.must)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What the points of one document say about the document as a whole.

    Attributes:
        fingerprint: of the document's content and of how it was indexed.
        total: how many chunks it has.
    """

    fingerprint: str
    total: int


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of one chunk."""

    sparse: Sparse
    dense: Sequence[float] | None = field(default=None)


def point_id(source_id: str, document_id: str, position: int) -> str:
    """The id of a chunk and of its point: the same at every sync (RFC 9562 UUID, version 5)."""
    return str(uuid.uuid5(_NAMESPACE, "\0".join((source_id, document_id, str(position)))))


def normalise_name(name: str) -> str:
    """How names of documents are compared: without case and outer or repeated spaces."""
    return " ".join(name.split()).casefold()


def names(chunk: Chunk) -> list[str]:
    """What a person may call the document, most exact first: id, file name, title, name without suffix."""
    path = PurePosixPath(chunk.document_id)
    return [normalise_name(name) for name in (chunk.document_id, path.name, chunk.title, path.stem)]


def flag(name: str, value: bool) -> str:  # noqa: FBT001 - the value of a field
    """A field that is true or false, as one word."""
    return f"{name}={value}".casefold()


def to_point(chunk: Chunk, stamp: Stamp, vectors: Vectors) -> Point:
    """The point of a chunk. The first of a document also carries the document's names."""
    payload: dict[str, Any] = {
        "document_id": chunk.document_id,
        "source_id": chunk.source_id,
        "title": chunk.title,
        "heading": list(chunk.heading),
        "text": chunk.text,
        "link": chunk.link,
        "position": chunk.position,
        "start": chunk.start,
        "readers": list(chunk.readers),
        "language": chunk.language,
        "date": chunk.date,
        "attribution": chunk.attribution,
        "fields": dict(chunk.fields),
        "fingerprint": stamp.fingerprint,
        "total": stamp.total,
    }
    # The embedded engine takes a truth value in a filter for a number, so it is kept as a word as well.
    if flags := [flag(name, value) for name, value in chunk.fields.items() if isinstance(value, bool)]:
        payload["flags"] = flags
    if chunk.position == 0:
        payload["names"] = names(chunk)
    return Point(chunk.id, vectors.dense, vectors.sparse, payload)


def to_chunk(identifier: str, payload: Mapping[str, Any]) -> Chunk:
    """The chunk of a point."""
    return Chunk(
        id=identifier,
        document_id=payload["document_id"],
        source_id=payload["source_id"],
        title=payload["title"],
        heading=tuple(payload["heading"]),
        text=payload["text"],
        link=payload["link"],
        position=payload["position"],
        start=payload["start"],
        readers=tuple(payload["readers"]),
        language=payload["language"],
        date=payload["date"],
        attribution=payload.get("attribution", ""),
        fields=payload.get("fields", {}),
    )


def to_stamp(payload: Mapping[str, Any]) -> Stamp:
    """What a point says about its document."""
    return Stamp(payload["fingerprint"], payload["total"])
