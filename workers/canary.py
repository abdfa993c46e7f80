"""The canary: a task that a worker sends to itself through the broker, to find out that it has gone deaf."""

import threading
import time

from celery import Celery
from kombu import Queue

from core import log

_log = log.get(__name__)

_TASK = "canary"
_STOP_SECONDS = 1.0

LIMIT_SECONDS = 60.0
"""Without a canary for this long a worker is taken to be deaf: its connection half open, or every thread
stuck."""

# A queue whose worker is gone is thrown away by the broker.
_QUEUE_SECONDS = 300.0


class Canary:
    """Sends one every few seconds into a queue that this process alone listens to.

    Attributes:
        queue: its name, which the worker has to listen to.
    """

    def __init__(self, app: Celery, name: str, *, interval: float = 10.0) -> None:
        self.queue = f"canary.{name}"
        self._app = app
        self._interval = interval
        self._heard = time.monotonic()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="canary", daemon=True)
        app.amqp.queues.add(
            Queue(
                self.queue,
                routing_key=self.queue,
                durable=False,
                auto_delete=True,
                expires=_QUEUE_SECONDS,
            )
        )
        app.task(name=_TASK, shared=False)(self._hear)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a broker that hangs holds nobody up."""
        self._stopping.set()
        self._thread.join(_STOP_SECONDS)

    @property
    def age(self) -> float:
        """Seconds since the last one was heard, or since the start."""
        return time.monotonic() - self._heard

    def check(self) -> str:
        """What is wrong, or nothing."""
        return f"no task came through for {self.age:.0f} s" if self.age > LIMIT_SECONDS else ""

    def _hear(self) -> None:
        self._heard = time.monotonic()

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            try:
                self._app.send_task(
                    _TASK, queue=self.queue, expires=LIMIT_SECONDS, ignore_result=True, retry=False
                )
            except Exception as error:  # noqa: BLE001 - whatever a broker's client raises: it shows in the age
                _log.warning("no canary was sent", error=type(error).__name__)
