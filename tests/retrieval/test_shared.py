"""Several processes, one home: one owns the index and serves it, the others are its clients."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import IndexUnavailable, Misconfigured
from core.settings import HomeSettings
from retrieval.points import Filter
from retrieval.stores import Collection, StoreSettings, open_store
from retrieval.stores.shared import SharedStore, alone
from tests.retrieval.test_stores import point

PLANE = Collection("toy:plane", 2)
EVERYTHING = Filter()

# Opens the home's index, says so, and counts its points for each line that it reads.
PROCESS = """
import sys
from pathlib import Path
from retrieval.points import Filter
from retrieval.stores.shared import SharedStore
store = SharedStore(Path(sys.argv[1]))
print("owner" if store.owner else "client", flush=True)
for line in sys.stdin:
    print(store.count(Filter()), "owner" if store.owner else "client", flush=True)
store.close()
"""


class Process:
    """Another process that has the index open."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self.role = self._line()

    def count(self) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._line()

    def send(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path)
    yield process
    process.kill()


def test_the_first_owns_the_index_and_serves_it_to_the_next(tmp_path: Path) -> None:
    first, second = SharedStore(tmp_path), SharedStore(tmp_path)
    assert (first.owner, second.owner) == (True, False)
    second.create(PLANE)
    second.upsert([point(1), point(2)])
    assert first.count(EVERYTHING) == second.count(EVERYTHING) == 2
    second.close()
    first.close()


def test_the_address_is_for_its_user_alone_and_goes_with_the_owner(tmp_path: Path) -> None:
    store = SharedStore(tmp_path)
    address = tmp_path / "address.json"
    assert address.stat().st_mode & 0o777 == 0o600
    assert json.loads(address.read_text())["url"].startswith("http://127.0.0.1:")
    store.close()
    assert not address.exists()


def test_when_the_owner_closes_a_client_takes_over(tmp_path: Path) -> None:
    first, second = SharedStore(tmp_path), SharedStore(tmp_path)
    first.create(PLANE)
    first.upsert([point(1)])
    first.close()
    assert second.count(EVERYTHING) == 1
    assert second.owner
    second.close()


def test_a_closed_store_says_so_and_does_not_open_again(tmp_path: Path) -> None:
    store = SharedStore(tmp_path)
    store.close()
    store.close()
    with pytest.raises(IndexUnavailable, match="closed"):
        store.count(EVERYTHING)


def test_when_the_owner_is_killed_its_client_takes_over_with_every_point(
    tmp_path: Path, other: Process
) -> None:
    assert other.role == "owner"
    ours = SharedStore(tmp_path)
    ours.create(PLANE)
    ours.upsert([point(n) for n in range(200)])
    assert other.count() == "200 owner"
    other.kill()
    ours.upsert([point(n) for n in range(200, 210)])
    assert ours.owner
    assert ours.count(EVERYTHING) == 210
    heir = Process(tmp_path)
    assert (heir.role, heir.count()) == ("client", "210 client")
    heir.kill()
    ours.close()


def test_of_many_clients_of_a_killed_owner_exactly_one_takes_over(tmp_path: Path, other: Process) -> None:
    clients = [SharedStore(tmp_path) for _ in range(4)]
    clients[0].create(PLANE)
    clients[0].upsert([point(1)])
    other.kill()
    counts: list[int] = []
    threads = [
        threading.Thread(target=lambda store=client: counts.append(store.count(EVERYTHING)))
        for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [1] * 4
    assert sum(client.owner for client in clients) == 1
    for client in clients:
        client.close()


def test_an_owner_that_does_not_answer_is_named_after_a_bounded_time(tmp_path: Path, other: Process) -> None:
    other.send(signal.SIGSTOP)
    with pytest.raises(IndexUnavailable, match="CANDOR_HOME: another process holds the index"):
        SharedStore(tmp_path, patience=0.5, timeout=1)
    other.send(signal.SIGCONT)
    store = SharedStore(tmp_path)
    assert store.collection() is None
    store.close()


def test_a_client_has_the_index_made_anew_while_its_owner_goes_on_searching(
    tmp_path: Path, other: Process
) -> None:
    ours = SharedStore(tmp_path)
    assert not ours.owner
    ours.create(PLANE)
    ours.upsert([point(1)])
    space = Collection("toy:space", 3)
    ours.beside(space).upsert([point(n, (0, 0, 1)) for n in range(5)])
    assert other.count() == "1 owner"
    ours.switch(space)
    assert other.count() == "5 owner"
    ours.close()


def test_an_index_that_is_open_elsewhere_is_had_by_nobody_alone(tmp_path: Path, other: Process) -> None:
    with pytest.raises(Misconfigured, match="another process has the index"), alone(tmp_path):
        pass
    other.kill()
    with alone(tmp_path) as store:
        store.create(PLANE)
        with pytest.raises(IndexUnavailable, match="another process holds the index"):
            SharedStore(tmp_path, patience=0.1)
    last = SharedStore(tmp_path)
    assert last.collection() == PLANE
    last.close()


def test_without_a_server_in_the_settings_the_index_is_under_the_home(tmp_path: Path) -> None:
    store = open_store(StoreSettings(qdrant_url=""), HomeSettings(home=tmp_path / "home"))
    assert isinstance(store, SharedStore)
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["index"]
    store.close()
