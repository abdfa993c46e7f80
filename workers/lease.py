"""Leases on claimed turns, kept by one heartbeat for the whole process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import Field

from core import log
from core.deadline import Deadline
from core.errors import CandorError, LostClaim
from core.settings import Settings
from ledger.turns import Claim, Turns

_log = log.get(__name__)

_STOP_SECONDS = 1.0


class LeaseSettings(Settings):
    """How soon a dead worker is noticed."""

    lease_seconds: float = Field(
        default=15.0,
        ge=1,
        le=300,
        description="How long a worker holds a turn without a sign of life; then another may take it.",
    )

    @property
    def heartbeat_seconds(self) -> float:
        """How often a lease is renewed: two renewals may come late before it ends."""
        return self.lease_seconds / 3


class Heartbeat:
    """Renews the leases of the turns that this process works on.

    A turn that has run past its deadline is no longer renewed, so that its lease ends and another worker can
    take it, even when this one is stuck for good. A renewal that the ledger refuses is the last one.
    """

    def __init__(self, turns: Turns, *, interval: float = 5.0) -> None:
        self._turns = turns
        self._interval = interval
        self._held: dict[tuple[str, int], tuple[Claim, Deadline]] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a database that hangs holds nobody up."""
        self._stopping.set()
        self._thread.join(_STOP_SECONDS)

    @contextmanager
    def hold(self, claim: Claim, deadline: Deadline) -> Iterator[None]:
        """Keep a claim's lease alive while the block runs, at most until the deadline."""
        with self._lock:
            self._held[_hold(claim)] = (claim, deadline)
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(_hold(claim), None)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            started = time.monotonic()
            with self._lock:
                held = list(self._held.values())
            for claim, deadline in held:
                if deadline.remaining():
                    self._renew(claim)
            _log.debug("leases renewed", turns=len(held), seconds=time.monotonic() - started)

    def _renew(self, claim: Claim) -> None:
        try:
            self._turns.heartbeat(claim)
        except LostClaim:
            with self._lock:
                self._held.pop(_hold(claim), None)
        except CandorError as error:
            _log.warning("a lease could not be renewed", turn=claim.turn_id, error=str(error))


def _hold(claim: Claim) -> tuple[str, int]:
    """What tells one claim from all others."""
    return claim.turn_id, claim.attempt
