"""Leases: one holder at a time, and none beside whoever has the whole index."""

import threading
import time

import pytest
from sqlalchemy import Engine

from core.errors import LostClaim
from ledger.leases import INDEX, Lease, Leases


@pytest.fixture
def leases(engine: Engine) -> Leases:
    return Leases(engine)


def taken(leases: Leases, name: str) -> Lease:
    lease = leases.take(name)
    assert lease is not None
    return lease


def test_a_lease_has_one_holder_until_it_is_given_back(leases: Leases) -> None:
    first = taken(leases, "source a")
    assert leases.take("source a") is None
    assert leases.take("source b") is not None
    assert leases.until("source a") > 0
    leases.release(first)
    assert leases.until("source a") == 0
    assert taken(leases, "source a").attempt == first.attempt + 1


def test_a_holder_that_is_not_heard_of_loses_its_lease(engine: Engine) -> None:
    leases = Leases(engine, lease=0.05)
    first = taken(leases, "source a")
    time.sleep(0.06)
    second = taken(Leases(engine), "source a")
    with pytest.raises(LostClaim, match="source a: another process has taken it over"):
        leases.heartbeat(first)
    leases.release(first)
    assert leases.take("source a") is None, "who has lost it gives nothing back"
    leases.heartbeat(second)


def test_a_heartbeat_holds_a_lease_and_does_not_revive_one_given_back(engine: Engine) -> None:
    leases = Leases(engine, lease=30)
    lease = taken(leases, "source a")
    ends = leases.until("source a")
    time.sleep(0.01)
    leases.heartbeat(lease)
    assert leases.until("source a") > ends
    leases.release(lease)
    with pytest.raises(LostClaim):
        leases.heartbeat(lease)


def test_nothing_is_given_out_beside_the_whole_index(leases: Leases) -> None:
    source = taken(leases, "source a")
    index = taken(leases, INDEX)
    assert leases.others() == 1
    leases.release(source)
    assert leases.others() == 0
    assert leases.take("source a") is None
    assert leases.take("source b") is None
    leases.release(index)
    assert leases.take("source b") is not None


def test_of_many_that_want_a_lease_one_gets_it(leases: Leases) -> None:
    together = threading.Barrier(8)
    got: list[Lease | None] = []

    def want() -> None:
        together.wait()
        got.append(leases.take("source a"))

    threads = [threading.Thread(target=want) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len([lease for lease in got if lease is not None]) == 1
