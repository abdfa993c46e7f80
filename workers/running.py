"""Celery workers and the clock, as a process of their own or as threads of this one."""

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from celery import Celery
from celery.apps.beat import Beat
from celery.apps.worker import Worker
from celery.beat import EmbeddedService
from celery.exceptions import SecurityWarning
from celery.worker import WorkController

from core.errors import Unavailable

_START_SECONDS = 10


def run_worker(app: Celery, *, name: str, threads: int, queues: list[str]) -> int:
    """Work until a signal says stop: SIGTERM finishes what has begun, as long as a handover lets it.

    Returns the exit code.
    """
    # Celery warns of root, since pickled tasks could do anything then. Ours are JSON alone.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    # With RabbitMQ it warns at each start of what jobs with a date would do. Ours have none.
    logging.getLogger("kombu.transport.native_delayed_delivery").setLevel(logging.ERROR)
    worker = Worker(
        app=app,
        hostname=name,
        pool="threads",
        concurrency=threads,
        queues=queues,
        quiet=True,
        without_mingle=True,
        without_gossip=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def run_beat(app: Celery) -> None:
    """Send what is due, until a signal says stop."""
    Beat(app=app, quiet=True).run()


@contextmanager
def beat_thread(app: Celery) -> Iterator[None]:
    """Send what is due as long as the block runs."""
    service = EmbeddedService(app, thread=True)
    service.start()
    try:
        yield
    finally:
        service.stop()


class WorkerThread:
    """A real Celery worker inside this process, for the queue that lives here."""

    def __init__(self, app: Celery, *, threads: int, queues: list[str]) -> None:
        # The pool's threads look a task up by its name in the process's default app.
        app.set_default()
        self._ready = threading.Event()
        self._worker = WorkController(
            app=app,
            hostname="candor@in-process",
            pool="threads",
            concurrency=threads,
            queues=queues,
            ready_callback=lambda _consumer: self._ready.set(),
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self._thread = threading.Thread(target=self._worker.start, name="worker", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise Unavailable(f"the worker in this process did not start within {_START_SECONDS} s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._worker.stop()
