"""The door that a platform itself knocks at: a port that listens, and requests of a bounded size."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request

from core.errors import Misconfigured

_LARGEST = 1_000_000
"""Bytes of a request. The platforms' own are far smaller."""


@contextmanager
def serving(application: Starlette, port: int, *, setting: str, name: str) -> Iterator[int]:
    """Listen on a port as long as the block runs; 0 lets the system choose one, which is yielded.

    Args:
        application: what answers.
        port: where.
        setting: the setting that names the port, for people.
        name: of the thread.

    Raises:
        Misconfigured: the port is not to be had.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("0.0.0.0", port))  # noqa: S104 - the platform, or the proxy before us, is outside
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise Misconfigured(f"{setting}: cannot listen on {port} ({error.strerror})") from None
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=3,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name=name, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


async def body_of(request: Request) -> bytes | None:
    """The body of a request; None where it is too large to be a platform's."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LARGEST:
            return None
    return body
