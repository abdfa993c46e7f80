"""What the tests of retrieval share: the real embedder, a toy one, and stores of every kind."""

import re
import threading
import uuid
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from httpx import Headers
from numpy.typing import NDArray
from qdrant_client import QdrantClient
from qdrant_client.http.exceptions import UnexpectedResponse

from core.settings import HomeSettings
from retrieval.embedders import Embedder, EmbedderSettings, open_embedder
from retrieval.stores import Store, StoreSettings, open_store
from retrieval.stores.embedded import NAME, EmbeddedStore
from retrieval.stores.serve import LoopbackServer
from retrieval.stores.server import ServerStore, connect

LIVE = StoreSettings().qdrant_url
"""A real Qdrant server to try the stores on, by its usual setting; empty where there is none."""

KINDS = ("embedded", "served", "memory", *(("live",) if LIVE else ()))


class ToyEmbedder:
    """Counts words by their checksum: quick, and texts with common words are alike."""

    name = "toy:words"
    dimensions = 16
    languages: frozenset[str] | None = None

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded.extend(texts)
        return np.stack([self._vector(text) for text in texts])

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> NDArray[np.float32]:
        vector = np.full(self.dimensions, 0.01, dtype=np.float32)
        for word in re.findall(r"\w+", text.lower()):
            vector[zlib.crc32(word.encode()) % self.dimensions] += 1
        return vector / np.float32(np.linalg.norm(vector))


class LockedClient:
    """The client's in-memory mode, safe for threads, answering like a server that has no such collection."""

    def __init__(self) -> None:
        self._client = QdrantClient(":memory:")
        self._lock = threading.RLock()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                try:
                    return method(*args, **kwargs)
                except ValueError as error:
                    if "not found" not in str(error):
                        raise
                    raise UnexpectedResponse(404, "Not Found", str(error).encode(), Headers()) from None

        return call


@pytest.fixture(scope="session")
def models_home(tmp_path_factory: pytest.TempPathFactory) -> HomeSettings:
    return HomeSettings(home=tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def packaged(models_home: HomeSettings) -> Embedder:
    embedder = open_embedder(EmbedderSettings(embedder="packaged"), models_home)
    assert embedder is not None
    return embedder


@pytest.fixture
def toy() -> ToyEmbedder:
    return ToyEmbedder()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[EmbeddedStore]:
    store = EmbeddedStore(tmp_path / "index")
    yield store
    store.close()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """One store for all examples of a property: making one takes longer than most examples."""
    store = EmbeddedStore(tmp_path_factory.mktemp("lasting"))
    yield store
    store.close()


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        memory: Any = LockedClient()
        yield ServerStore(memory, NAME, "CANDOR_QDRANT_URL")
        return
    if request.param == "live":
        settings = StoreSettings(qdrant_collection=f"candor-test-{uuid.uuid4().hex[:12]}")
        live = open_store(settings, HomeSettings(home=tmp_path))
        yield live
        live.drop()
        live.close()
        return
    engine = EmbeddedStore(tmp_path / "index")
    if request.param == "embedded":
        yield engine
    else:
        server = LoopbackServer(engine)
        client = connect(server.url, server.key, 5, name=NAME, setting="CANDOR_HOME")
        yield client
        client.close()
        server.close()
    engine.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not LIVE:
        terminalreporter.write_line("Not tried: stores on a live Qdrant server (CANDOR_QDRANT_URL names one)")
