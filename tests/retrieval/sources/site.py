"""A small web site on loopback."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Page:
    """What is answered: pieces are sent one by one, with a pause before each but the first.

    One with an ETag or a Last-Modified among its headers is sent only to who does not have this version.
    """

    body: bytes | Iterable[bytes] = b""
    media_type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0


def article(title: str, words: str) -> Page:
    page = (
        f"<html><head><title>{title}</title></head><body><nav>Menu</nav>"
        f"<main><h1>{title}</h1><p>{words}</p></main></body></html>"
    )
    return Page(page.encode())


def has_it(page: Page, asked: Message) -> bool:
    """Whether who asks has this version of a page; an ETag counts for more than a date."""
    if "If-None-Match" in asked:
        return asked["If-None-Match"] == page.headers.get("ETag")
    return "If-Modified-Since" in asked and asked["If-Modified-Since"] == page.headers.get("Last-Modified")


class Site:
    """Serves pages by their path, and remembers what was asked for, and which of it was not sent again."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self.pages = pages
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.spared: list[str] = []
        self._ended = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                page = site.pages.get(self.path, Page(b"not here", status=404))
                if page.status == 200 and has_it(page, self.headers):
                    site.spared.append(self.path)
                    page = Page(status=304, headers=page.headers)
                self.send_response(page.status)
                self.send_header("Content-Type", page.media_type)
                for name, value in page.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                pieces = [page.body] if isinstance(page.body, bytes) else page.body
                for number, piece in enumerate(pieces):
                    if number and site._ended.wait(page.pause):
                        return
                    try:
                        self.wfile.write(piece)
                    except OSError:
                        return

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]
