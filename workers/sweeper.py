"""The sweep: brings every question without an outcome back to a worker, and what experts do not see yet."""

import threading

from core import log
from core.errors import CandorError
from core.metrics import Metrics
from core.queue import Queue, answer_job, escalation_job
from ledger.escalations import Escalations
from ledger.turns import Turns

_log = log.get(__name__)

_STOP_SECONDS = 1.0


class Sweeper:
    """Asks the ledger once a second for turns that want a worker, and hints at them again.

    Each worker process has one. The ledger hands a turn to one sweep alone.
    """

    def __init__(
        self,
        turns: Turns,
        queue: Queue,
        escalations: Escalations | None = None,
        *,
        interval: float = 1.0,
        metrics: Metrics | None = None,
    ) -> None:
        self._turns = turns
        self._escalations = escalations
        self._queue = queue
        self._interval = interval
        self._metrics = metrics or Metrics()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sweep", daemon=True)

    def start(self) -> None:
        """Begin to sweep."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a database that hangs holds nobody up."""
        self._stopping.set()
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            try:
                found = self._turns.sweep()
                self._metrics.swept(len(found))
                for turn_id in found:
                    self._queue.publish(answer_job(turn_id))
                for turn_id in self._escalations.sweep() if self._escalations else ():
                    self._queue.publish(escalation_job(turn_id))
            except CandorError as error:
                _log.warning("no sweep this time", error=str(error))
