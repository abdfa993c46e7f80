"""The canary: a worker that hears is alive, and one that has gone deaf is not."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.settings import HomeSettings
from tests.cli.candor import eventually
from tests.servers.redis_server import RedisServer
from workers.app import WorkerSettings, make_app
from workers.canary import Canary
from workers.running import WorkerThread


@pytest.fixture(params=["memory", "redis"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    if request.param == "memory":
        yield "memory://"
        return
    with RedisServer() as server:
        yield server.url


def test_a_worker_hears_its_own_canary_and_nobody_elses(url: str, tmp_path: Path) -> None:
    app = make_app(WorkerSettings(broker_url=url), HomeSettings(home=tmp_path))
    canary = Canary(app, "one", interval=0.05)
    with WorkerThread(app, threads=1, queues=["answers", canary.queue]):
        began = canary.age
        canary.start()
        eventually(lambda: canary.age < began)
        assert not canary.check()
        canary.stop()


def test_a_worker_that_hears_nothing_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = make_app(WorkerSettings(), HomeSettings(home=tmp_path))
    canary = Canary(app, "one")
    later = time.monotonic() + 61
    monkeypatch.setattr("workers.canary.time.monotonic", lambda: later)
    assert canary.check() == "no task came through for 61 s"
