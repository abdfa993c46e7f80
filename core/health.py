"""How a process is, over HTTP: `/metrics` for Prometheus, `/healthz` and `/readyz` for supervisors."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from core.errors import CandorError, Misconfigured
from core.metrics import Metrics
from core.telemetry import TelemetrySettings

Check = Callable[[], str]
"""What is wrong, in a few words without a secret; empty when nothing is."""

_IDLE_SECONDS = 5
_SUBTYPE = "version=0.0.4; charset=utf-8"


def answering(look: Callable[[], object]) -> Check:
    """The check that something can be looked at without an error."""

    def check() -> str:
        look()
        return ""

    return check


@dataclass(frozen=True, slots=True)
class Health:
    """What has to hold.

    Attributes:
        alive: without this a restart is the only cure.
        ready: without this the process cannot do its work just now.
    """

    alive: Mapping[str, Check] = field(default_factory=dict)
    ready: Mapping[str, Check] = field(default_factory=dict)


@contextmanager
def telemetry(
    settings: TelemetrySettings, metrics: Metrics, health: Health, *, always: bool = False
) -> Iterator[str]:
    """Serve them as long as the block runs; yields the URL, or nothing where no port is set.

    Args:
        settings: where.
        metrics: what `/metrics` shows.
        health: what `/healthz` and `/readyz` look at.
        always: take a free port where none is set.

    Raises:
        Misconfigured: the address is taken, or is none of this machine.
    """
    if not settings.telemetry_port and not always:
        yield ""
        return

    class Handler(_Handler):
        pages = _pages(metrics, health)

    try:
        server = ThreadingHTTPServer((settings.telemetry_host, settings.telemetry_port), Handler)
    except OSError as error:
        raise Misconfigured(
            f"CANDOR_TELEMETRY_PORT: cannot listen on {settings.telemetry_host}:{settings.telemetry_port} "
            f"({error.strerror})"
        ) from None
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="telemetry", daemon=True)
    thread.start()
    try:
        host, port = server.server_address[:2]
        yield f"http://{host!s}:{port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


Page = Callable[[], tuple[int, str, bytes]]


class _Handler(BaseHTTPRequestHandler):
    pages: Mapping[str, Page]
    timeout = _IDLE_SECONDS

    def do_GET(self) -> None:
        page = self.pages.get(self.path.partition("?")[0])
        status, kind, body = page() if page else (404, "text/plain", b"not here\n")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: a probe every few seconds is no event."""


def _pages(metrics: Metrics, health: Health) -> Mapping[str, Page]:
    return {
        "/metrics": lambda: (200, f"text/plain; {_SUBTYPE}", metrics.text()),
        "/healthz": lambda: _report(health.alive),
        "/readyz": lambda: _report(health.ready),
    }


def _report(checks: Mapping[str, Check]) -> tuple[int, str, bytes]:
    wrong = {name: problem for name, check in checks.items() if (problem := _said(check))}
    body = json.dumps({"status": "failing" if wrong else "ok", "wrong": wrong}).encode()
    return 503 if wrong else 200, "application/json", body


def _said(check: Check) -> str:
    try:
        return check()
    except CandorError as error:
        return type(error).__name__  # its text may name hosts: the logs have it
