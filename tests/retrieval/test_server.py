"""The server store when its server fails: a loopback server that answers as it is told."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from core.errors import IndexMissing, IndexUnavailable, Misconfigured
from core.settings import HomeSettings
from retrieval.points import Filter
from retrieval.stores import StoreSettings, open_store
from retrieval.stores.server import ServerStore, connect


class FaultyServer(ThreadingHTTPServer):
    """Answers every request with one status and body; with status 0 it never answers."""

    daemon_threads = True

    def __init__(self, status: int, body: bytes = b"{}", headers: dict[str, str] | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body, self.headers = status, body, headers or {}
        self.released = threading.Event()
        self.keys: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: FaultyServer

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.keys.append(self.headers.get("api-key"))
        if not self.server.status:
            self.server.released.wait(30)
            return
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_GET = do_POST  # noqa: N815 the base class names it so

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class names it so
        pass


@pytest.fixture
def faulty(request: pytest.FixtureRequest) -> Iterator[FaultyServer]:
    with FaultyServer(*request.param) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.released.set()
        server.shutdown()
        thread.join()


def store_at(url: str) -> ServerStore:
    return connect(url, "key", 1, name="candor", setting="CANDOR_QDRANT_URL", trust_env=False)


@pytest.mark.parametrize(
    ("faulty", "error", "says"),
    [
        ((500,), IndexUnavailable, "answered 500"),
        ((503,), IndexUnavailable, "answered 503"),
        ((429,), IndexUnavailable, "answered 429"),
        ((429, b'{"status": {"error": "slow down"}}', {"Retry-After": "3"}), IndexUnavailable, "slow down"),
        ((200, b"not JSON"), IndexUnavailable, "does not answer"),
        ((0,), IndexUnavailable, "ReadTimeout"),
        ((401,), Misconfigured, "API key"),
        ((403,), Misconfigured, "API key"),
        ((404,), IndexMissing, "candor ingest"),
    ],
    indirect=["faulty"],
)
def test_a_failing_server_becomes_an_error_of_ours(
    faulty: FaultyServer, error: type[Exception], says: str
) -> None:
    store = store_at(faulty.url)
    with pytest.raises(error, match=says) as caught:
        store.count(Filter())
    assert "\n" not in str(caught.value)
    assert faulty.keys == ["key"]
    store.close()


def test_a_refused_connection_is_named_with_its_setting() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    store = store_at(url)
    with pytest.raises(IndexUnavailable, match="CANDOR_QDRANT_URL: the Qdrant server does not answer"):
        store.count(Filter())
    store.close()


def test_what_is_no_url_is_named_with_its_setting() -> None:
    with pytest.raises(Misconfigured, match="CANDOR_QDRANT_URL: 'ftp://example'"):
        store_at("ftp://example")


@pytest.mark.parametrize("faulty", [(404,)], indirect=True)
def test_the_settings_choose_the_server_and_its_key(
    faulty: FaultyServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = StoreSettings(qdrant_url=faulty.url, qdrant_api_key=SecretStr("from settings"))
    store = open_store(settings, HomeSettings(home=tmp_path_factory.mktemp("home")))
    assert store.collection() is None
    assert faulty.keys == ["from settings"]
    store.close()
