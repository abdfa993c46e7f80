"""A worker is told to stop: what it can finish it finishes, and what it cannot another worker has at once."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.cli.candor import Candor, eventually, stop
from tests.servers import rabbitmq_server
from tests.servers.openai_server import OpenAIServer
from tests.servers.redis_server import RedisServer, free_port
from tests.servers.scripts import Say

ASKED = "How do I hand in receipts?"
ANSWER = "To hand in receipts, send them to the accounts team before the fifth of the month. [1]"


@pytest.fixture(params=["redis", *(["rabbitmq"] if rabbitmq_server.BINARY else [])])
def broker(request: pytest.FixtureRequest) -> Iterator[str]:
    with RedisServer() if request.param == "redis" else rabbitmq_server.RabbitServer() as server:
        yield server.url


def test_a_turn_that_takes_too_long_is_handed_over(
    modelled: Candor, model: OpenAIServer, broker: str
) -> None:
    shared = modelled.set(broker_url=broker, lease_seconds="60", shutdown_seconds="0.5")
    model.script(Say(f"{ANSWER} {ANSWER}", breaks="stall", after=20), Say(ANSWER), Say(ANSWER))
    with shared.running("ask", ASKED) as asking:
        with shared.worker() as stopped:
            eventually(lambda: model.requests)
            assert stop(stopped, within=8) == 0
        began = time.monotonic()
        with shared.worker():
            out, err = asking.communicate(timeout=40)
        assert (asking.returncode, err) == (0, "")
    assert ANSWER in out
    assert time.monotonic() - began < 40
    (turn,) = shared.turns()
    assert turn.state == "answered"


def _ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz").is_success
    except httpx.TransportError:
        return False


def test_several_processes_work_and_stop_together(candor: Candor, redis: RedisServer) -> None:
    port = free_port()
    shared = candor.set(broker_url=redis.url, telemetry_port=str(port))
    with shared.running(
        "worker", "--queue", "answers", "--processes", "2", "--threads", "2", err=candor.folder / "log"
    ) as working:
        for each in (port, port + 1):
            eventually(lambda each=each: _ready(each))  # type: ignore[misc]
        asked = [shared.done("ask", ASKED) for _ in range(3)]
        assert all("accounts team" in out for out in asked)
        assert stop(working, within=30) == 0
    assert {turn.state for turn in shared.turns()} == {"answered"}
