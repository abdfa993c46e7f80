"""The served index through a connection that fails: every kind of fault, and a server that restarts."""

import http.client
import threading
from collections import deque
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

import pytest

from core.errors import IndexUnavailable
from retrieval.points import Filter
from retrieval.stores import Lookup
from retrieval.stores.embedded import NAME, EmbeddedStore
from retrieval.stores.serve import LoopbackServer
from retrieval.stores.server import ServerStore, connect
from tests.retrieval.test_stores import PLANE, numbers, point

EVERYTHING = Filter()
FAULTS = ("429", "500", "503", "silence", "cut", "lost answer")

Result = TypeVar("Result")


class Proxy(ThreadingHTTPServer):
    """Hands requests on to the server of the index, apart from those that meet a fault."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.port = 0
        self.faults: deque[str] = deque()
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fault = self.server.faults.popleft() if self.server.faults else ""
        if fault.isdigit():
            self._answer(int(fault), b'{"status": {"error": "as told"}}')
            return
        if fault == "silence":
            self.server.closing.wait(10)
        if fault in ("silence", "cut"):
            self.close_connection = True
            return
        behind = http.client.HTTPConnection("127.0.0.1", self.server.port)
        behind.request(self.command, self.path, body, dict(self.headers))
        answer = behind.getresponse()
        content = answer.read()
        behind.close()
        if fault == "lost answer":
            self.close_connection = True
            return
        self._answer(answer.status, content)

    do_GET = do_PUT = do_DELETE = do_POST  # noqa: N815 the base class names them so

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 the base class names it so
        pass


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy() as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        thread.start()
        yield proxy
        proxy.closing.set()
        proxy.shutdown()
        thread.join()


class Served:
    """An index that is served, and a client that reaches it through the proxy."""

    def __init__(self, folder: Path, proxy: Proxy) -> None:
        self._folder = folder
        self._proxy = proxy
        self.open()
        self.store: ServerStore = connect(
            proxy.url, self.server.key, 1, name=NAME, setting="CANDOR_HOME", trust_env=False
        )

    def open(self) -> None:
        self.engine = EmbeddedStore(self._folder)
        self.server = LoopbackServer(self.engine)
        self._proxy.port = int(self.server.url.rpartition(":")[2])

    def close(self) -> None:
        self.server.close()
        self.engine.close()


@pytest.fixture
def served(tmp_path: Path, proxy: Proxy) -> Iterator[Served]:
    served = Served(tmp_path, proxy)
    served.store.create(PLANE)
    served.store.upsert([point(1), point(2, (0.0, 1.0))])
    yield served
    served.store.close()
    served.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_an_error_of_ours_and_the_call_made_again_gives_what_it_should(
    served: Served, proxy: Proxy, fault: str
) -> None:
    store = served.store

    def again(call: Callable[[], Result]) -> Result:
        proxy.faults.append(fault)
        with pytest.raises(IndexUnavailable, match="CANDOR_HOME: "):
            call()
        return call()

    again(lambda: store.upsert([point(3), point(2, (0.0, 1.0))]))
    assert again(lambda: store.count(EVERYTHING)) == 3
    assert numbers(again(lambda: store.search(Lookup([0.0, 1.0], None, EVERYTHING, 1)))) == [2]
    assert len(again(lambda: list(store.scroll(EVERYTHING)))) == 3
    assert again(store.collection) == PLANE
    again(lambda: store.delete(EVERYTHING))
    assert store.count(EVERYTHING) == 0
    again(lambda: store.create(PLANE))
    again(store.drop)
    assert store.collection() is None


def test_a_server_that_restarts_is_reached_again_with_every_point(served: Served, proxy: Proxy) -> None:
    assert served.store.count(EVERYTHING) == 2
    key = served.server.key
    served.close()
    with pytest.raises(IndexUnavailable, match="CANDOR_HOME: "):
        served.store.count(EVERYTHING)
    served.open()
    assert served.server.key != key
    served.store.close()
    served.store = connect(proxy.url, served.server.key, 1, name=NAME, setting="CANDOR_HOME", trust_env=False)
    assert served.store.count(EVERYTHING) == 2
