"""The broker is down or hangs: the asker is told within moments, and the question is answered later."""

import time

import pytest

from tests.cli.candor import Candor, eventually
from tests.servers.redis_server import RedisServer

ASKED = "How do I hand in receipts?"


@pytest.mark.parametrize("fault", ["hanging", pytest.param("down", marks=pytest.mark.slow)])
def test_a_question_is_kept_and_answered_once_the_broker_is_back(
    candor: Candor, redis: RedisServer, fault: str
) -> None:
    shared = candor.set(broker_url=redis.url)
    redis.stop() if fault == "down" else redis.freeze()
    began = time.monotonic()
    line = shared.refused("ask", ASKED)
    assert time.monotonic() - began < 10
    (kept,) = shared.turns()
    assert kept.state == "received"
    assert f"your question is kept as turn {kept.id}" in line
    assert "CANDOR_BROKER_URL" in line
    redis.start() if fault == "down" else redis.thaw()
    with shared.worker():
        eventually(lambda: shared.turns()[0].finished_at)
    (turn,) = shared.turns()
    assert turn.state == "answered"
    assert "to the accounts team" in shared.done("turns", "show", turn.id)
