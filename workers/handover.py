"""Handing over: a worker that is told to stop finishes what it can in time, and gives the rest back."""

import os
import threading
from collections.abc import Callable

from celery.signals import worker_shutting_down

from core import log
from core.errors import CandorError
from ledger.turns import Claim, Turns
from workers.lease import Heartbeat

_log = log.get(__name__)


class Handover:
    """Waits for the signal to stop; then threads that are not done in time are left behind.

    Args:
        turns: the ledger.
        heartbeat: knows what is being worked on.
        seconds: how long turns that have begun may take to end.
        leave: ends the process; threads that hang could hold up any gentler way.
    """

    def __init__(
        self,
        turns: Turns,
        heartbeat: Heartbeat[Claim],
        seconds: float,
        leave: Callable[[int], object] = os._exit,
    ) -> None:
        self._turns = turns
        self._heartbeat = heartbeat
        self._seconds = seconds
        self._leave = leave

    def watch(self) -> None:
        """Begin to wait for the signal."""
        worker_shutting_down.connect(self._begin)

    def unwatch(self) -> None:
        """Wait no more."""
        worker_shutting_down.disconnect(self._begin)

    def run(self) -> None:
        """Give back every turn that is held, for another worker to take at once, and leave."""
        for claim in self._heartbeat.held:
            try:
                self._turns.release(claim, after=0, error="the worker was stopped", forgive=True)
            except CandorError as error:  # then its lease runs out
                _log.warning("a turn could not be given back", turn=claim.turn_id, error=str(error))
        self._leave(0)

    def _begin(self, **_: object) -> None:
        timer = threading.Timer(self._seconds, self.run)
        timer.daemon = True
        timer.start()
