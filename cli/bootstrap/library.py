"""The index and what searches it, for every process that touches documents."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from core.settings import HomeSettings
from retrieval.embedders import Embedder, EmbedderSettings, open_embedder
from retrieval.glossary import GlossarySettings, open_glossary
from retrieval.index import Index
from retrieval.search import Search
from retrieval.stores import Store, StoreSettings, open_store


@dataclass(frozen=True, slots=True)
class Library:
    """An open index."""

    store: Store
    embedder: Embedder | None
    search: Search
    index: Index


@contextmanager
def library(home: HomeSettings) -> Iterator[Library]:
    """Open the index: the Qdrant server that the settings name, or the embedded one of this machine.

    Raises:
        Misconfigured: a wrong setting or a damaged file.
        IndexUnavailable: the store does not answer.
    """
    embedder = open_embedder(EmbedderSettings(), home)
    glossary = open_glossary(GlossarySettings(), home)
    store = open_store(StoreSettings(), home)
    try:
        yield Library(store, embedder, Search(store, embedder, glossary), Index(store, embedder))
    finally:
        store.close()
