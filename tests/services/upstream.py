"""A stand-in for the servers of Freddie Mac, FRED and the ECB: real HTTP, and the ways in which it fails."""

import hashlib
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What stands at one path.

    Attributes:
        body: the file.
        status: of the answer.
        cut: the connection breaks after so many bytes of the body; None for a whole answer.
        gate: an answer waits until this is set.
        etags: whether the server gives and honours validators.
    """

    body: bytes = b""
    status: int = 200
    cut: int | None = None
    gate: threading.Event = field(default_factory=threading.Event)
    etags: bool = True

    def __post_init__(self) -> None:
        self.gate.set()

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass
class Upstream:
    """The server's pages and what was asked of it."""

    url: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str], int]] = field(default_factory=list)

    def put(self, path: str, body: bytes) -> Page:
        """Put a file at a path, in a page of its own."""
        self.pages[path] = Page(body)
        return self.pages[path]

    def statuses(self, path: str) -> list[int]:
        """How the requests for a path were answered, oldest first."""
        return [status for asked, _, status in self.asked if asked == path]


@contextmanager
def upstream() -> Iterator[Upstream]:
    """Have the server run."""
    server = _Server(("127.0.0.1", 0), _Handler)
    shown = server.shown
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield shown
    finally:
        for page in shown.pages.values():
            page.gate.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    def server_activate(self) -> None:
        self.shown = Upstream(f"http://127.0.0.1:{self.server_port}")
        super().server_activate()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        shown = self.server.shown
        path = self.path.partition("?")[0].strip("/")
        page = shown.pages.get(path, Page(status=404))
        page.gate.wait()
        known = page.etags and self.headers.get("If-None-Match") == page.etag
        status = 304 if known and page.status == 200 else page.status
        shown.asked.append((path, dict(self.headers), status))
        self.send_response(status)
        if page.etags and page.status == 200:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", formatdate(0, usegmt=True))
        if status == 304:
            self.end_headers()
            return
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body[: page.cut])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
