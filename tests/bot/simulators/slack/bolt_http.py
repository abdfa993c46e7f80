"""Bolt behind a plain HTTP server, as an app without Socket Mode runs it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from slack_bolt import App, BoltRequest


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class BoltServer:
    """Hands each request to Bolt.

    Attributes:
        headers: of each request, by name in lower case.
        statuses: what each was answered with.
        refuse_with: statuses and headers to answer the next requests with, in place of Bolt.
        hold: answers wait while it is cleared.
    """

    def __init__(self, app: App) -> None:
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []
        self.refuse_with: list[tuple[int, dict[str, str]]] = []
        self.hold = threading.Event()
        self.hold.set()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                server.headers.append({name.lower(): value for name, value in self.headers.items()})
                server.hold.wait(10)
                if server.refuse_with:
                    self._answer(*server.refuse_with.pop(0), "")
                    return
                request = BoltRequest(body=body, headers=dict(self.headers.items()))
                response = app.dispatch(request)
                self._answer(
                    response.status,
                    {name: values[0] for name, values in response.headers.items()},
                    response.body,
                )

            def _answer(self, status: int, headers: dict[str, str], body: str) -> None:
                server.statuses.append(status)
                try:
                    self.send_response(status)
                    for name, value in {**headers, "Content-Length": str(len(body.encode()))}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(body.encode())
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's own name
                return

        self._http = _Http(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hold.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}/slack/events"
