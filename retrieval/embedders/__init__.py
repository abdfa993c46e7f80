"""Embedders turn text into vectors; each module here is one, named by `CANDOR_EMBEDDER`."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from core import plugins
from core.settings import HomeSettings, Settings

NONE = "none"
"""The value of `CANDOR_EMBEDDER` that leaves the dense half of search out."""

QUERY_SECONDS = 10.0
"""How long a hosted embedder may take for a query: somebody waits, but a local server may first load it."""

DOCUMENT_SECONDS = 60.0
"""The same for a batch of texts to be found."""

DOCUMENT_RETRIES = 4
"""How often a failed batch is sent again, with growing pauses, before a sync is given up."""


class Embedder(Protocol):
    """A model that turns text into vectors whose dot product is their similarity.

    Attributes:
        name: member and model, such as `packaged:all-MiniLM-L6-v2`. A collection remembers it.
        dimensions: length of each vector.
        languages: the languages (ISO 639-1) that it knows, or None where it knows all that matter. A text in
            another one gets no vector, and a query in another one is searched by its words alone.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def dimensions(self) -> int: ...  # noqa: D102

    @property
    def languages(self) -> frozenset[str] | None: ...  # noqa: D102

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of texts to be found: shape (len(texts), dimensions), each of length 1.

        A text's vector does not depend on what else is in the call. May be called from several threads.
        """
        ...

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of queries: shape (len(texts), dimensions), each of length 1. Else as `embed_documents`."""
        ...


class EmbedderSettings(Settings):
    """Which embedder, and how much of the machine it may take."""

    embedder: str = Field(
        default="packaged",
        description="The embedder: `packaged` (English, in this process), `cohere:MODEL`, `openai:MODEL`, "
        "`fastembed:MODEL`, or `none` (keyword search alone).",
    )
    embedder_dimensions: int = Field(
        default=0,
        ge=0,
        description="Length of a hosted embedder's vectors, where one may choose; 0 leaves it to the model.",
    )
    embedder_threads: int = Field(
        default=0,
        ge=0,
        description="Threads of an embedder in this process; 0 means one for each CPU, up to 4.",
    )


def open_embedder(settings: EmbedderSettings, home: HomeSettings) -> Embedder | None:
    """The embedder that the settings choose; None for `none`.

    Raises:
        Misconfigured: naming the setting or the file at fault.
    """
    name, _, model = settings.embedder.partition(":")
    if name == NONE:
        return None
    member = plugins.load(__name__, name, setting="CANDOR_EMBEDDER")
    embedder: Embedder = member.create(model, settings, home)
    return embedder
