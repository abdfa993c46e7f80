"""Leases, such as those on claimed turns, kept by one heartbeat for the whole process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from pydantic import Field

from core import log
from core.deadline import Deadline
from core.errors import CandorError, LostClaim
from core.settings import Settings

_log = log.get(__name__)

_STOP_SECONDS = 1.0

Claim = TypeVar("Claim")
_Claim_contra = TypeVar("_Claim_contra", contravariant=True)


class LeaseSettings(Settings):
    """How soon a dead worker is noticed."""

    lease_seconds: float = Field(
        default=15.0,
        ge=1,
        le=300,
        description="How long a worker holds a turn, or a source that it syncs, without a sign of life; then "
        "another may take it.",
    )

    @property
    def heartbeat_seconds(self) -> float:
        """How often a lease is renewed: two renewals may come late before it ends."""
        return self.lease_seconds / 3


class Renewing(Protocol[_Claim_contra]):
    """A book of the ledger that gives out leases."""

    def heartbeat(self, claim: _Claim_contra, /) -> None:
        """Hold a claim for another lease.

        Raises:
            LostClaim: another one has it by now.
        """
        ...


class Heartbeat(Generic[Claim]):
    """Renews the leases of what this process works on, such as turns.

    What has run past its deadline is no longer renewed, so that its lease ends and another worker can take
    it, even when this one is stuck for good. A renewal that the ledger refuses is the last one.
    """

    def __init__(self, book: Renewing[Claim], *, interval: float = 5.0) -> None:
        self._book = book
        self._interval = interval
        self._held: dict[int, tuple[Claim, Deadline]] = {}
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

    @property
    def held(self) -> list[Claim]:
        """What is held just now."""
        with self._lock:
            return [claim for claim, _ in self._held.values()]

    @contextmanager
    def hold(self, claim: Claim, deadline: Deadline) -> Iterator[None]:
        """Keep a claim's lease alive while the block runs, at most until the deadline."""
        with self._lock:
            self._held[id(claim)] = (claim, deadline)
        try:
            yield
        finally:
            with self._lock:
                self._held.pop(id(claim), None)

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            started = time.monotonic()
            with self._lock:
                held = list(self._held.values())
            for claim, deadline in held:
                if deadline.remaining():
                    self._renew(claim)
            _log.debug("leases renewed", held=len(held), seconds=time.monotonic() - started)

    def _renew(self, claim: Claim) -> None:
        try:
            self._book.heartbeat(claim)
        except LostClaim:
            with self._lock:
                self._held.pop(id(claim), None)
        except CandorError as error:
            _log.warning("a lease could not be renewed", error=str(error))
