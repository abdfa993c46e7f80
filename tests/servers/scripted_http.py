"""The HTTP half of a scripted server: real sockets, a script, a record, and faults on the wire."""

import argparse
import contextlib
import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar, Self

from tests.servers.scripts import Fail, Raw, Say, Step


@dataclass(frozen=True, slots=True)
class Recorded:
    """A request as it came in; header names are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]


class Refused(Exception):
    """The vendor's rules do not allow this request."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a stream; `text` says whether it carries a piece of the reply's text."""

    data: bytes
    text: bool = False


@dataclass(frozen=True, slots=True)
class Out:
    """A success: a body, or a stream of events."""

    body: dict[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()


Route = Callable[[dict[str, Any], Say | None], Out]
"""Checks a request and makes the reply: what the script says, or the default where it says nothing."""


class ScriptedServer:
    """A server on a free loopback port, for the length of a `with` block.

    Attributes:
        requests: what came in, oldest first.
        key: what has to come as bearer token; empty for a server that needs none.
    """

    scripted: ClassVar[frozenset[str]] = frozenset()
    """Paths that take the next step of the script."""

    def __init__(self, *, key: str = "", port: int = 0) -> None:
        self.key = key
        self.requests: list[Recorded] = []
        self._steps: deque[Step] = deque()
        self._errors: list[BaseException] = []
        self._closing = threading.Event()
        self._connections: set[socket.socket] = set()
        self._http = _HTTP(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    def routes(self) -> dict[str, Route]:
        """What answers at which path."""
        raise NotImplementedError

    def error(self, status: int, message: str) -> dict[str, Any]:
        """The body of an error."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """Root of the server, without a path."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def script(self, *steps: Step) -> None:
        """Say what to do with the next requests, one step each."""
        self._steps.extend(steps)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._http.shutdown()
        self._thread.join()
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._http.server_close()
        if self._errors and kind is None:
            raise self._errors[0]

    def serve(self) -> None:
        """Print the URL and serve until the process is ended."""
        print(self.url, flush=True)  # noqa: T201 (that is how the caller learns the port)
        self._http.serve_forever()

    def answer(self, handler: "_Handler", body: dict[str, Any]) -> None:
        """Answer one request."""
        path = handler.path.partition("?")[0]
        self.requests.append(Recorded(path, {k.lower(): v for k, v in handler.headers.items()}, body))
        step = self._steps.popleft() if self._steps and path in self.scripted else None
        try:
            if self.key and handler.headers.get("Authorization") != f"Bearer {self.key}":
                raise Refused(401, "no valid key")  # noqa: TRY301
            if path not in self.routes():
                raise Refused(404, f"there is nothing at {path}")  # noqa: TRY301
            out = self.routes()[path](body, step if isinstance(step, Say) else None)
        except Refused as refusal:
            handler.send(refusal.status, json.dumps(self.error(refusal.status, refusal.message)).encode())
            return
        if isinstance(step, Fail):
            text = json.dumps(self.error(step.status, step.message)).encode()
            handler.send(step.status, text, headers=step.headers)
        elif isinstance(step, Raw):
            handler.send(200, step.body, content_type=step.content_type)
        elif out.events:
            self._stream(handler, out.events, step if isinstance(step, Say) else Say())
        else:
            self._whole(handler, json.dumps(out.body).encode(), step if isinstance(step, Say) else Say())

    def _whole(self, handler: "_Handler", body: bytes, step: Say) -> None:
        self._closing.wait(step.delay)
        if step.breaks == "malformed":
            body = body[: len(body) // 2]
        if step.breaks in ("", "malformed"):
            handler.send(200, body)
            return
        handler.begin(200, "application/json", {"Content-Length": str(len(body))})
        handler.wfile.write(body[: len(body) // 2])
        self._break(handler, step)

    def _stream(self, handler: "_Handler", events: tuple[Event, ...], step: Say) -> None:
        self._closing.wait(step.delay)
        handler.begin(200, "text/event-stream", {"Transfer-Encoding": "chunked"})
        pieces = 0
        for event in events:
            if step.breaks and event.text and pieces == step.after:
                break
            pieces += event.text
            handler.chunk(event.data)
            self._closing.wait(step.pause)
        if step.breaks == "malformed":
            handler.chunk(b'data: {"choices": [{"delta"\n\n')
        elif step.breaks in ("stall", "cut"):
            self._break(handler, step)
            return
        handler.chunk(b"")

    def _break(self, handler: "_Handler", step: Say) -> None:
        if step.breaks == "stall":
            self._closing.wait()
        handler.close_connection = True
        with contextlib.suppress(OSError):  # whoever asked may be gone by now
            handler.connection.shutdown(socket.SHUT_RDWR)


class _HTTP(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, address: tuple[str, int], owner: ScriptedServer) -> None:
        self.owner = owner
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.owner._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.owner._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Called where the exception is being handled; a client that went away is none of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _HTTP

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        try:
            body = json.loads(raw)
        except ValueError:
            self.send(400, json.dumps(self.server.owner.error(400, "the body is no JSON")).encode())
            return
        self._answer(body)

    def _answer(self, body: dict[str, Any]) -> None:
        owner = self.server.owner
        try:
            owner.answer(self, body)
        except ConnectionError:
            self.close_connection = True
        except BaseException as error:
            owner._errors.append(error)
            raise

    def begin(self, status: int, content_type: str, headers: Mapping[str, str]) -> None:
        """Send the head of a response."""
        self.send_response(status)
        for name, value in {"Content-Type": content_type, **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def send(
        self,
        status: int,
        body: bytes,
        *,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send a whole response."""
        self.begin(status, content_type, {"Content-Length": str(len(body)), **(headers or {})})
        self.wfile.write(body)

    def chunk(self, data: bytes) -> None:
        """Send one piece of a chunked body; an empty one ends it."""
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        """Nothing: the record is `requests`."""


def arguments(description: str | None) -> argparse.Namespace:
    """Command line of a server that runs as a process."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--key", default="", help="the bearer token that each request has to bring")
    return parser.parse_args()
