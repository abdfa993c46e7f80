"""The live-rate service as a child: started once, when it is first asked, and never left behind."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from core.deadline import Deadline
from tests.cli.candor import eventually
from tests.services.files import STEADY, WEEKS
from tests.workers.rates.serving import Children
from workers.failures import Down
from workers.rates.service import LiveRates

THIRTY = ("mortgage_30y",)


@pytest.fixture
def children(tmp_path: Path) -> Children:
    return Children(tmp_path)


def served_by(folder: Path) -> list[psutil.Process]:
    """Processes that still serve rates for a folder."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        ours = str(folder / "started") in words and "env" not in words  # that is who had them started
        if ours and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process)
    return found


def test_32_threads_that_ask_at_once_start_one_child_and_all_get_the_synced_rate(children: Children) -> None:
    rates = LiveRates("", children.command, patience=30)
    barrier = threading.Barrier(32)

    def ask(_number: int) -> str:
        barrier.wait()
        return rates.values(THIRTY, None, Deadline(60))[0].value

    try:
        with ThreadPoolExecutor(32) as pool:
            assert set(pool.map(ask, range(32))) == {str(STEADY[WEEKS[-1]])}
        assert children.started == 1
        assert len(served_by(children.folder)) == 1
    finally:
        rates.close()
    assert served_by(children.folder) == []


def test_nothing_is_started_before_it_is_asked(children: Children) -> None:
    LiveRates("", children.command, patience=30).close()
    assert children.started == 0


def test_a_child_that_died_is_started_again(children: Children) -> None:
    rates = LiveRates("", children.command, patience=30)
    try:
        rates.values(THIRTY, None, Deadline(60))
        (child,) = served_by(children.folder)
        child.kill()
        # Its status is that of its first thread: only the kernel's wait knows that all of them have ended.
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert rates.values(THIRTY, None, Deadline(60))[0].value == str(STEADY[WEEKS[-1]])
        assert children.started == 2
    finally:
        rates.close()


PARENT = """
import sys, time
from core.deadline import Deadline
from workers.rates.service import LiveRates
rates = LiveRates("", sys.argv[1:], patience=30)
print(rates.values(("mortgage_30y",), None, Deadline(60))[0].value, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_parent_that_is_killed_leaves_no_orphan(children: Children, end: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, *children.command], stdout=subprocess.PIPE, text=True
    ) as parent:
        try:
            assert parent.stdout
            assert parent.stdout.readline().strip() == str(STEADY[WEEKS[-1]])
            assert len(served_by(children.folder)) == 1
        finally:
            os.kill(parent.pid, end)
    eventually(lambda: not served_by(children.folder))


def test_a_child_that_does_not_start_is_said_at_once_and_not_tried_again_for_a_while(tmp_path: Path) -> None:
    started = tmp_path / "started"
    rates = LiveRates("", ["sh", "-c", f"echo again >> {started}; exit 1"])
    for _ in range(3):
        with pytest.raises(Down, match="rates service"):
            rates.values(THIRTY, None, Deadline(60))
    rates.close()
    assert started.read_text() == "again\n"


def test_a_command_that_is_not_there_is_a_failure_in_words() -> None:
    rates = LiveRates("", ["/nowhere/at/all"])
    with pytest.raises(Down, match="did not start"):
        rates.values(THIRTY, None, Deadline(60))
    rates.close()


def test_it_is_not_started_any_more_once_it_was_closed(children: Children) -> None:
    rates = LiveRates("", children.command, patience=30)
    rates.close()
    with pytest.raises(Down):
        rates.values(THIRTY, None, Deadline(60))
    assert children.started == 0
