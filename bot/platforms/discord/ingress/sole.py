"""One gateway for each bot: two would hear, and answer, everything twice."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from core import log
from core.errors import LedgerUnavailable, LostClaim, Misconfigured
from ledger.leases import GATEWAY, Lease, Leases

_log = log.get(__name__)

_HEARTBEAT_SECONDS = 2.0
_LOOK_SECONDS = 0.25


@contextmanager
def sole(leases: Leases, name: str, ended: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Be the only process of a name as long as the block runs.

    Args:
        leases: of the ledger that all processes share.
        name: what there may be one of.
        ended: called when another one has taken it over, as after a long freeze.

    Yields:
        What raises Misconfigured once that has happened.

    Raises:
        Misconfigured: another process is alive under this name.
    """
    lease = _take(leases, f"{GATEWAY}{name}")
    over, lost = threading.Event(), threading.Event()

    def hold() -> None:
        while not over.wait(_HEARTBEAT_SECONDS):
            try:
                leases.heartbeat(lease)
            except LostClaim:
                lost.set()
                ended()
                return
            except LedgerUnavailable as error:
                _log.warning("the gateway's lease is not renewed", error=str(error))

    def check() -> None:
        if lost.is_set():
            raise _taken(name)

    holding = threading.Thread(target=hold, name="gateway-lease", daemon=True)
    holding.start()
    try:
        yield check
    finally:
        over.set()
        holding.join()
        _give_back(leases, lease)


def _take(leases: Leases, name: str) -> Lease:
    """Take the lease; of a process that died without giving it back, it is waited for."""
    pause = threading.Event()
    held_until = leases.until(name)
    while True:
        lease = leases.take(name)
        if lease:
            return lease
        if leases.until(name) > held_until > 0:
            raise _taken(name.removeprefix(GATEWAY))
        held_until = held_until or leases.until(name)
        pause.wait(_LOOK_SECONDS)


def _give_back(leases: Leases, lease: Lease) -> None:
    try:
        leases.release(lease)
    except LedgerUnavailable as error:
        _log.warning("the gateway's lease runs out by itself", error=str(error))


def _taken(name: str) -> Misconfigured:
    return Misconfigured(
        f"CANDOR_DISCORD_TOKEN: another process hears with this token already ({name}); stop it first, or "
        "everything would be answered twice"
    )
