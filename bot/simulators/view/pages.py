"""The web pages on a simulator: rendered here, followed by server-sent events, acted on by forms."""

import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from bot.simulators.server import HOST, Server

FOLDER = Path(__file__).parent

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with every answer: nothing is loaded from elsewhere, and nothing runs but the one script."""

NOTHING = Markup()

_LONGEST_WAIT = 1.0
_LARGEST_FORM = 1_000_000

Form = Mapping[str, Sequence[str]]
"""What a person sent: each field with its values."""


class Absent(Exception):
    """There is nothing at this place."""


class Refusal(Exception):
    """What a person tried cannot be done.

    Attributes:
        errors: what is wrong with each field of a form, by the field's block.
    """

    def __init__(self, told: str, errors: Mapping[str, str] | None = None) -> None:
        super().__init__(told)
        self.errors = errors or {}


@dataclass(frozen=True, slots=True)
class Page:
    """What one place shows.

    Attributes:
        title: of the window.
        heading: of the channel.
        regions: what changes by itself, by the name of its region: `places`, `channel`, `thread`, `modal`.
        composer, reply: the forms to write in the channel and in the thread; empty where nobody can.
        close: where to go to leave the thread; empty where none is open.
    """

    title: str
    heading: str
    regions: Mapping[str, Markup]
    composer: Markup = NOTHING
    reply: Markup = NOTHING
    close: str = ""


class Scene(Protocol):
    """A simulator that can be looked at. A place is a path, such as `/U1/C1`."""

    def home(self) -> str:
        """The place to begin at."""
        ...

    def enter(self, place: str) -> None:
        """Somebody has opened a place, which the app may want to know.

        Raises:
            Absent: there is no such place.
        """
        ...

    def look(self, place: str) -> Page:
        """What a place shows now.

        Raises:
            Absent: there is no such place.
        """
        ...

    def do(self, deed: str, form: Form) -> None:
        """Do what a form says.

        Raises:
            Absent: there is no such deed, or nothing to do it to.
            Refusal: it cannot be done.
        """
        ...

    def wait(self, seconds: float) -> None:
        """Return when something has changed, or the time is up."""
        ...


def templates(*folders: Path) -> Environment:
    """Templates in which everything is escaped, from these folders and the shared one."""
    loader = FileSystemLoader([*folders, FOLDER / "templates"])
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@contextmanager
def viewing(scene: Scene, port: int = 0) -> Iterator[str]:
    """Show a simulator as long as the block runs; yields the address."""
    server = Server(port, "page")
    pages = _Pages(scene)
    guard = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    server.start(Starlette(routes=pages.routes(), middleware=[guard]))
    try:
        yield f"{server.url}/"
    finally:
        pages.close()
        server.close()


class _Pages:
    """What is answered at each address."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._template = templates().get_template("page.html")
        self._closed = threading.Event()

    def close(self) -> None:
        self._closed.set()

    def routes(self) -> list[Route]:
        return [
            Route("/look.css", _endpoint(lambda _request, _raw: FileResponse(FOLDER / "look.css"))),
            Route("/live.js", _endpoint(lambda _request, _raw: FileResponse(FOLDER / "live.js"))),
            Route("/changes", _endpoint(self._changes)),
            Route("/do/{deed}", _endpoint(self._do), methods=["POST"]),
            Route("/", _endpoint(lambda _request, _raw: RedirectResponse(self._scene.home(), 302))),
            Route("/{place:path}", _endpoint(self._page)),
        ]

    def _page(self, request: Request, _raw: bytes) -> Response:
        place = request.url.path
        self._scene.enter(place)
        return HTMLResponse(self._template.render(place=place, page=self._scene.look(place)))

    def _changes(self, request: Request, _raw: bytes) -> Response:
        place = request.query_params.get("at", "")
        self._scene.look(place)
        return StreamingResponse(self._news(place), media_type="text/event-stream")

    def _news(self, place: str) -> Iterator[str]:
        shown: Mapping[str, Markup] = {}
        while not self._closed.is_set():
            try:
                regions = self._scene.look(place).regions
            except Absent:
                return
            news = {name: html for name, html in regions.items() if shown.get(name) != html}
            # A line without news lets the server find out that nobody listens any more.
            yield f"data: {json.dumps(news)}\n\n" if news else ":\n\n"
            shown = regions
            self._scene.wait(_LONGEST_WAIT)

    def _do(self, request: Request, raw: bytes) -> Response:
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse("This form is another site's.", 403)
        if len(raw) > _LARGEST_FORM:
            return PlainTextResponse("That is too long.", 413)
        form = parse_qs(raw.decode(errors="replace"), keep_blank_values=True)
        try:
            self._scene.do(request.path_params["deed"], form)
        except Refusal as refusal:
            if refusal.errors:
                return JSONResponse(dict(refusal.errors), 422)
            return PlainTextResponse(str(refusal), 409)
        back = form.get("back", ["/"])[0]
        return RedirectResponse(urlsplit(back).path if back.startswith("/") else "/", 303)


def _endpoint(handler: Callable[[Request, bytes], Response]) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        raw = await request.body()
        try:
            response = await run_in_threadpool(handler, request, raw)
        except Absent:
            response = PlainTextResponse("There is nothing here.", 404)
        response.headers.update(HEADERS)
        return response

    return answer
