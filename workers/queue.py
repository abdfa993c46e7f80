"""The queue over Celery: publishing that never holds anybody up."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError

from celery import Celery

from core import log
from core.queue import Job

_log = log.get(__name__)

# An ingress has three seconds to acknowledge an event; publishing may take one of them.
PATIENCE_SECONDS = 0.8


class CeleryQueue:
    """Publishes jobs by task name, one at a time on a thread of its own.

    A broker that is down answers at once with an error; one that hangs is left to hang on that thread, and
    until it has come back further jobs are not even tried.
    """

    def __init__(self, app: Celery, *, patience: float = PATIENCE_SECONDS) -> None:
        """Publish to an app's broker.

        Args:
            app: the Celery app.
            patience: seconds to wait until the broker has taken a job; 0 hands it to the thread and looks
                back no more, which is all that somebody needs for whom the ledger decides.
        """
        self._app = app
        self._patience = patience
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="publish")
        self._lock = threading.Lock()
        self._sending_since: float | None = None

    def publish(self, job: Job) -> bool:
        """Hand a job to the broker within a second; False when it has not taken it."""
        if self._is_stuck():
            return False
        future: Future[None] = self._executor.submit(self._send, job)
        if not self._patience:
            future.add_done_callback(_tell)
            return True
        try:
            future.result(timeout=self._patience)
        except FutureTimeoutError:
            future.cancel()
            _log.warning("the broker hangs; the sweep will bring the job", task=job.task)
            return False
        except Exception as error:  # noqa: BLE001 - whatever a broker's client raises, the ledger has the turn
            _log.warning("the broker did not take a job", task=job.task, error=str(error))
            return False
        return True

    def connect(self) -> None:
        """Reach the broker before the first job wants it; one that is not there is found out later."""
        self._executor.submit(self._connect)

    def close(self) -> None:
        """Let go of the thread without waiting for a broker that hangs."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _is_stuck(self) -> bool:
        with self._lock:
            since = self._sending_since
        return since is not None and time.monotonic() - since > PATIENCE_SECONDS

    def _connect(self) -> None:
        try:
            with self._app.producer_or_acquire() as producer:
                producer.connection.ensure_connection(max_retries=1, timeout=PATIENCE_SECONDS)
        except Exception as error:  # noqa: BLE001 - whatever a broker's client raises, the sweep will do
            _log.warning("the broker does not answer yet", error=str(error))

    def _send(self, job: Job) -> None:
        with self._lock:
            self._sending_since = time.monotonic()
        try:
            self._app.send_task(
                job.task,
                kwargs={"job": job.model_dump(mode="json")},
                expires=job.seconds,
                ignore_result=True,
                retry=False,
            )
        finally:
            with self._lock:
                self._sending_since = None


def _tell(sent: Future[None]) -> None:
    """Say that a job was not taken that nobody waited for."""
    if not sent.cancelled() and (error := sent.exception()):
        _log.warning("the broker did not take a job; the sweep will bring it", error=str(error))


def broker_answers(app: Celery) -> bool:
    """Whether the broker can be reached just now, found out within a few seconds."""
    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=PATIENCE_SECONDS)
    except Exception:  # noqa: BLE001 - whatever a broker's client raises means that it does not answer
        return False
    return True
