"""Stores keep points and search them: in this process, on a Qdrant server, or through another process."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import Field, SecretStr

from core import plugins
from core.settings import HomeSettings, Settings
from retrieval.points import Filter, Hit, Point, Sparse

PREFETCH = 100
"""Candidates of each retriever that enter the fusion."""

BATCH = 256
"""Points in one upsert at most: the embedded engine blocks its process while it takes them in."""

MOVED = "the index was made anew with another embedder: restart this process with CANDOR_EMBEDDER set to it"
"""What a process is told whose collection another one has replaced."""


@dataclass(frozen=True, slots=True)
class Collection:
    """What a collection was made for.

    Attributes:
        embedder: `Embedder.name`, or `none`.
        dimensions: length of its vectors; 0 at `none`.
    """

    embedder: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class Lookup:
    """One search of a store. Without `dense` the sparse vector alone ranks, and the other way round.

    Attributes:
        scored: whether each retriever's own score of what was found is wanted, which takes another call.
    """

    dense: Sequence[float] | None
    sparse: Sparse | None
    where: Filter
    limit: int
    scored: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A point without its vectors; `payload` holds the fields that were asked for."""

    id: str
    payload: dict[str, Any]


class Points(Protocol):
    """Keeps the points of one collection. May be called from several threads.

    Every method raises IndexUnavailable when the store does not answer, and all but `collection`, `create`
    and `drop` raise IndexMissing when there is no collection.
    """

    def collection(self) -> Collection | None:
        """What the collection was made for, or None when there is none."""
        ...

    def create(self, collection: Collection) -> None:
        """Make the collection with its payload indexes. One that is there already stays as it is."""
        ...

    def drop(self) -> None:
        """Remove the collection and all its points, if there is one."""
        ...

    def upsert(self, points: Sequence[Point]) -> None:
        """Put points in, at most BATCH; those with the same id are replaced. Then they can be found."""
        ...

    def delete(self, where: Filter) -> None:
        """Remove the points that match."""
        ...

    def search(self, lookup: Lookup) -> list[Hit]:
        """The best points that match the filter, best first.

        Dense cosine and BM25, PREFETCH candidates each, fused by distribution-based score fusion (DBSF).
        """
        ...

    def scroll(self, where: Filter, fields: Sequence[str] | None = None) -> Iterator[Record]:
        """All points that match, in no order that means anything; `fields` None is the whole payload."""
        ...

    def count(self, where: Filter) -> int:
        """How many points match."""
        ...

    def close(self) -> None:
        """Let go of files, locks and connections."""
        ...


class Store(Points, Protocol):
    """Keeps the collection that is searched, and while it is made anew, another one beside it.

    What was told by `collection` holds for the calls that follow: when another collection has taken its place
    since, they raise IndexMissing rather than search with vectors of another kind.
    """

    def beside(self, collection: Collection) -> Points:
        """The collection that is built beside the one that is searched; made where it is not there yet."""
        ...

    def switch(self, collection: Collection) -> None:
        """Have that collection searched from now on, at once; the one before is removed."""
        ...


def slot(name: str, collection: Collection) -> str:
    """The name of the collection that is made for one embedder; `name` itself is the one that is searched."""
    made_for = f"{collection.embedder} {collection.dimensions}"
    return f"{name}-{hashlib.sha256(made_for.encode()).hexdigest()[:8]}"


class StoreSettings(Settings):
    """Where points are kept."""

    qdrant_url: str = Field(
        default="", description="URL of a Qdrant server; empty keeps the index under CANDOR_HOME."
    )
    qdrant_api_key: SecretStr = Field(default=SecretStr(""), description="API key of the Qdrant server.")
    qdrant_collection: str = Field(
        default="candor",
        pattern=r"^[A-Za-z0-9_-]{1,64}$",
        description="Name of the collection on the server.",
    )
    qdrant_timeout: int = Field(
        default=10, ge=1, description="Seconds until a call of the Qdrant server is given up."
    )


def open_store(settings: StoreSettings, home: HomeSettings) -> Store:
    """The Qdrant server that the settings name, or else the index under CANDOR_HOME.

    Raises:
        Misconfigured: naming the setting at fault.
        IndexUnavailable: another process holds the index and does not answer.
    """
    member = plugins.load(
        __name__, "server" if settings.qdrant_url else "shared", setting="CANDOR_QDRANT_URL"
    )
    store: Store = member.create(settings, home)
    return store
