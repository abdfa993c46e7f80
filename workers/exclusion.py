"""Exclusion: a source is synced by one process at a time, and by none while the index is made anew."""

import contextlib
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from core import log
from core.deadline import Deadline
from core.errors import Busy, CandorError
from ledger.leases import INDEX, Lease, Leases
from ledger.sources import Source
from workers.lease import Heartbeat, LeaseSettings

Item = TypeVar("Item")

_log = log.get(__name__)

_POLL_SECONDS = 0.1


class Held:
    """A lease that this process keeps as long as it is at work.

    Attributes:
        lease: as the ledger has it.
    """

    def __init__(self, leases: Leases, lease: Lease, interval: float) -> None:
        self._leases = leases
        self.lease = lease
        self._interval = interval

    def check(self) -> None:
        """Make sure that nobody else has taken over, as happens to a process that was frozen for a while.

        Raises:
            LostClaim: somebody has.
        """
        self._leases.heartbeat(self.lease)

    def following(self, items: Iterable[Item]) -> Iterator[Item]:
        """Pass items on as long as nobody else has taken over.

        Raises:
            LostClaim: somebody has.
        """
        checked = time.monotonic()
        for item in items:
            if time.monotonic() - checked > self._interval:
                self.check()
                checked = time.monotonic()
            yield item


class Exclusion:
    """Gives out the right to sync a source, or to make the whole index anew, to one process at a time.

    The ledger keeps it: a process that it hears nothing of for a lease's time loses it.
    """

    def __init__(self, leases: Leases, settings: LeaseSettings) -> None:
        self._leases = leases
        self._interval = settings.heartbeat_seconds

    @contextlib.contextmanager
    def source(self, source: Source, *, patient: bool = False) -> Iterator[Held]:
        """Have a source for this process alone.

        Args:
            source: the source.
            patient: wait for as long as it takes to tell whether another holder is still alive.

        Raises:
            Busy: another process syncs it, or makes the index anew.
        """
        lease = self._taken(f"source {source.id}", patient=patient)
        if lease is None:
            raise Busy(
                f"{source.location}: not synced, since the index is being made anew"
                if self._leases.until(INDEX)
                else f"{source.location}: not synced, since another process is syncing it just now"
            )
        with self._kept(lease) as held:
            yield held

    @contextlib.contextmanager
    def index(self) -> Iterator[None]:
        """Have the whole index for this process alone: no sync begins, and those that run have ended.

        Raises:
            Busy: another process makes the index anew.
        """
        lease = self._taken(INDEX, patient=True)
        if lease is None:
            raise Busy("another process is making the index anew just now")
        with self._kept(lease) as held:
            while self._leases.others():
                time.sleep(_POLL_SECONDS)
            held.check()
            yield

    def _taken(self, name: str, *, patient: bool) -> Lease | None:
        """The lease of a name; patient, that of a dead holder is waited for, and a live one found out."""
        ends = self._ends(name)
        while (lease := self._leases.take(name)) is None and patient and self._ends(name) <= ends:
            time.sleep(_POLL_SECONDS)
        return lease

    def _ends(self, name: str) -> int:
        """When what stands in the way of a lease ends; a holder that lives puts it off."""
        return max(self._leases.until(name), self._leases.until(INDEX))

    @contextlib.contextmanager
    def _kept(self, lease: Lease) -> Iterator[Held]:
        heartbeat = Heartbeat(self._leases, interval=self._interval)
        heartbeat.start()
        try:
            with heartbeat.hold(lease, Deadline(float("inf"))):
                yield Held(self._leases, lease, self._interval)
        finally:
            heartbeat.stop()
            self._release(lease)

    def _release(self, lease: Lease) -> None:
        try:
            self._leases.release(lease)
        except CandorError as error:  # then it runs out by itself
            _log.warning("a lease could not be given back", lease=lease.name, error=str(error))
