"""One sync of a source at a time, whichever processes run them, and none while the index is made anew."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.deadline import Deadline
from core.errors import Busy, LostClaim, Misconfigured
from ledger.sources import Source
from retrieval.index import Coverage, SyncProgress
from tests.workers.syncing import Syncing

HOLDER = """
import sys, time
from pathlib import Path
from ledger.engine import LedgerSettings, open_ledger
from ledger.leases import Leases
from ledger.sources import Sources
from core.settings import HomeSettings
from workers.exclusion import Exclusion
from workers.lease import LeaseSettings

engine = open_ledger(LedgerSettings(), HomeSettings(home=Path(sys.argv[1])))
source = Sources(engine).list()[0]
with Exclusion(Leases(engine, lease=1), LeaseSettings(lease_seconds=1)).source(source):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def syncing(tmp_path: Path) -> Iterator[Syncing]:
    syncing = Syncing(tmp_path / "home", lease=1)
    yield syncing
    syncing.close()


@pytest.fixture
def source(syncing: Syncing, tmp_path: Path) -> Source:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(20):
        (docs / f"{number}.txt").write_text(f"The key of room {number} hangs on the board.")
    return syncing.sources.add(str(docs), ("everyone",))


@pytest.fixture
def holder(syncing: Syncing, source: Source) -> Iterator[subprocess.Popen[str]]:
    """Another process that has the source."""
    home = str(syncing.home.folder())
    with subprocess.Popen([sys.executable, "-c", HOLDER, home], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def in_thread(action: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=action)
    thread.start()
    return thread


def test_of_eight_syncs_at_once_one_runs_and_the_others_say_so(syncing: Syncing, source: Source) -> None:
    together, over = threading.Barrier(8), threading.Event()
    done: list[Coverage] = []
    busy: list[str] = []

    def waiting(_progress: SyncProgress) -> None:
        over.wait(20)

    def run() -> None:
        together.wait()
        try:
            done.append(syncing.ingesting.sync(source, waiting))
        except Busy as error:
            busy.append(str(error))
            if len(busy) == 7:
                over.set()

    threads = [in_thread(run) for _ in range(8)]
    for thread in threads:
        thread.join()
    assert [coverage.indexed for coverage in done] == [20]
    assert set(busy) == {f"{source.location}: not synced, since another process is syncing it just now"}
    assert len(busy) == 7
    assert syncing.sync(source).unchanged == 20, "the next one has it again"


def test_a_source_that_another_process_syncs_is_left_to_it(
    syncing: Syncing, source: Source, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(Busy, match="another process is syncing it"):
        syncing.sync(source)
    with pytest.raises(Busy, match="another process is syncing it"):  # it shows to be alive
        syncing.ingesting.sync(source, lambda _progress: None, patient=True)
    assert syncing.points == []
    other = syncing.sources.add(f"{source.location}/1.txt", ("everyone",))
    assert syncing.sync(other).indexed == 1


def test_a_source_whose_process_was_killed_is_had_as_soon_as_that_shows(
    syncing: Syncing, source: Source, holder: subprocess.Popen[str]
) -> None:
    os.kill(holder.pid, signal.SIGKILL)
    coverage = syncing.ingesting.sync(source, lambda _progress: None, patient=True)
    assert coverage.indexed == 20


def test_a_sync_that_was_frozen_for_too_long_stops_where_it_is(syncing: Syncing, source: Source) -> None:
    with syncing.exclusion.source(source) as held:
        following = held.following(iter(range(1000)))
        assert next(following) == 0
        # As if nothing had been heard of this process for a lease's time.
        syncing.leases.release(held.lease)
        assert syncing.leases.take(held.lease.name) is not None
        time.sleep(0.4)  # longer than the time between two looks
        with pytest.raises(LostClaim, match="another process has taken it over"):
            list(following)
        with pytest.raises(LostClaim):
            held.check()


def test_a_source_that_was_removed_meanwhile_is_not_read(syncing: Syncing, source: Source) -> None:
    syncing.ingesting.remove(source)
    with pytest.raises(Misconfigured, match="it is no source any more"):
        syncing.sync(source)
    assert syncing.points == []


def test_readers_that_changed_while_a_sync_waited_are_the_ones_that_count(
    syncing: Syncing, source: Source
) -> None:
    syncing.sources.add(source.location, ("staff",))
    syncing.sync(source)
    assert {readers for _, readers in syncing.held.values()} == {("staff",)}


def test_whoever_makes_the_index_anew_waits_for_syncs_and_lets_none_begin(
    syncing: Syncing, source: Source
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    alone, over = threading.Event(), threading.Event()

    def reading(_progress: SyncProgress) -> None:
        begun.set()
        go_on.wait(20)

    def making_anew() -> None:
        with syncing.exclusion.index():
            alone.set()
            over.wait(20)

    sync = in_thread(lambda: syncing.ingesting.sync(source, reading))
    assert begun.wait(20)
    index = in_thread(making_anew)
    other = syncing.sources.add(f"{source.location}/1.txt", ("everyone",))
    deadline = Deadline(20)
    while not syncing.leases.until("index") and deadline.remaining():
        time.sleep(0.01)
    with pytest.raises(Busy, match="the index is being made anew"):
        syncing.sync(other)
    assert not alone.is_set()
    go_on.set()
    assert alone.wait(20)
    sync.join()
    with pytest.raises(Busy, match="the index is being made anew"):
        syncing.sync(other)
    over.set()
    index.join()
    assert syncing.sync(other).indexed == 1
