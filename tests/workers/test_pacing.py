"""One pace for all processes, in the ledger and in Redis."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from core.pacing import Pacer
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.pace import Pace
from tests.servers.databases import PostgresServer, sqlite_url
from tests.servers.redis_server import RedisServer
from workers.pacing import RedisPace

INTERVAL, BURST = 0.2, 3


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(params=["redis", "sqlite", "postgres"])
def pacers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Pacer]]:
    """The pacers of two processes."""
    if request.param == "redis":
        url = request.getfixturevalue("redis").url
        yield [RedisPace(url, interval=INTERVAL, burst=BURST) for _ in range(2)]
        return
    folder = tmp_path_factory.mktemp("ledger")
    sqlite = request.param == "sqlite"
    url = sqlite_url(folder) if sqlite else request.getfixturevalue("postgres").new_database()
    engines: list[Engine] = [
        open_ledger(LedgerSettings(database_url=url), HomeSettings(home=folder)) for _ in range(2)
    ]
    yield [Pace(engine, interval=INTERVAL, burst=BURST) for engine in engines]
    for engine in engines:
        engine.dispose()


def place(request: pytest.FixtureRequest) -> str:
    return f"slack/T1/{request.node.name}"


def test_a_burst_goes_at_once_and_the_rest_waits(pacers: list[Pacer], request: pytest.FixtureRequest) -> None:
    here = place(request)
    began = time.monotonic()
    waits = [pacers[n % 2].take(here) for n in range(BURST)]
    assert waits == [0.0] * BURST
    wait = pacers[0].take(here)
    assert time.monotonic() - began > INTERVAL or 0 < wait <= INTERVAL
    assert pacers[1].take(f"{here}/other") == 0


def test_whoever_waits_as_long_as_it_is_told_may_go_on(
    pacers: list[Pacer], request: pytest.FixtureRequest
) -> None:
    here = place(request)
    went = 0
    deadline = time.monotonic() + 10
    began = time.monotonic()
    while went < BURST + 3 and time.monotonic() < deadline:
        wait = pacers[went % 2].take(here)
        went += wait == 0
        time.sleep(wait)
    assert went == BURST + 3
    assert time.monotonic() - began >= 3 * INTERVAL - 0.05


def test_no_more_go_at_once_however_many_ask_at_once(
    pacers: list[Pacer], request: pytest.FixtureRequest
) -> None:
    here = place(request)
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda n: pacers[n % 2].take(here), range(40)))
    most = BURST + (time.monotonic() - began) / INTERVAL + 1
    assert BURST <= waits.count(0.0) <= most


def test_a_place_that_asked_for_rest_is_left_alone(
    pacers: list[Pacer], request: pytest.FixtureRequest
) -> None:
    here = place(request)
    pacers[0].hold(here, 60)
    pacers[1].hold(here, 1)
    assert 50 < pacers[1].take(here) <= 60


def test_a_redis_that_is_down_holds_nothing_up() -> None:
    down = RedisPace("redis://127.0.0.1:9/0")
    down.hold("anywhere", 5)
    assert down.take("anywhere") == 0
