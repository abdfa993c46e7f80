"""Runs a service in this process: the HTTP server in a thread, and the timer where there is one."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from services.template.answers import Answers
from services.template.errors import Misconfigured
from services.template.http import make_app
from services.template.rawfiles import RawFiles
from services.template.service import Service
from services.template.store import Store
from services.template.sync import Clock, Sync, utc_now
from services.template.timer import Timer

_START_SECONDS = 30.0


@contextmanager
def serving(
    service: Service,
    folder: Path,
    *,
    token: str = "",
    hours: float | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Clock = utc_now,
) -> Iterator[str]:
    """Have a service run, and give its URL.

    Args:
        service: what to run.
        folder: its own folder.
        token: the bearer token of `POST /sync`; when it is empty nobody may call it.
        hours: between two syncs; None for no timer.
        host: where to listen.
        port: where to listen; 0 for a free one.
        clock: now.

    Raises:
        Misconfigured: when the address is taken or the store cannot be opened.
    """
    listening = _listen(host, port)
    try:
        store = Store(folder / "store.db")
        try:
            sync = Sync(service, store, RawFiles(folder / "raw"), clock=clock)
            app = make_app(service, Answers(service, store, sync, clock), sync, token=token, host=host)
            timer = hours and Timer(sync, store, [source.name for source in service.sources], hours, clock)
            with _http(uvicorn.Config(app, log_config=None, access_log=False, ws="none"), listening):
                if timer:
                    timer.start()
                bound = listening.getsockname()
                shown = f"[{bound[0]}]" if ":" in bound[0] else bound[0]
                yield f"http://{shown}:{bound[1]}"
                if timer:
                    timer.close()
        finally:
            store.close()
    finally:
        listening.close()


@contextmanager
def _http(config: uvicorn.Config, listening: socket.socket) -> Iterator[None]:
    config.timeout_graceful_shutdown = 2
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listening],), name="service-http", daemon=True)
    thread.start()
    deadline = time.monotonic() + _START_SECONDS
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise Misconfigured("the HTTP server did not start; CANDOR_LOG_LEVEL=info shows why")
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Named as TCP, or asyncio would leave Nagle's algorithm on, which costs 40 ms an answer.
        listening = socket.socket(family, kind, socket.IPPROTO_TCP)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(128)
        except BaseException:
            listening.close()
            raise
    except (OSError, OverflowError) as error:
        raise Misconfigured(f"--host and --port: cannot listen on {host}:{port} ({error})") from None
    return listening
