"""Publishing: quick whatever the broker does, and plain JSON."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from core.queue import answer_job
from core.settings import HomeSettings
from tests.servers.redis_server import RedisServer, free_port
from workers.app import ANSWERS, WorkerSettings, make_app
from workers.queue import CeleryQueue, broker_answers


@pytest.fixture
def server() -> Iterator[RedisServer]:
    with RedisServer() as running:
        yield running


def queue_on(url: str, tmp_path: Path) -> CeleryQueue:
    return CeleryQueue(make_app(WorkerSettings(broker_url=url), HomeSettings(home=tmp_path)))


def test_a_job_lies_in_the_queue_as_json(server: RedisServer, tmp_path: Path) -> None:
    queue = queue_on(server.url, tmp_path)
    assert queue.publish(answer_job("turn-1"))
    with redis.Redis(port=server.port) as client:
        message = json.loads(client.lpop(ANSWERS))
    assert message["content-type"] == "application/json"
    assert message["headers"]["task"] == "answering.answer"
    assert "turn-1" in message["headers"]["kwargsrepr"]
    queue.close()


def test_a_broker_that_is_down_costs_less_than_a_second(tmp_path: Path) -> None:
    queue = queue_on(f"redis://127.0.0.1:{free_port()}/0", tmp_path)
    started = time.monotonic()
    assert not queue.publish(answer_job("turn-1"))
    assert time.monotonic() - started < 1
    queue.close()


def test_a_broker_that_hangs_costs_less_than_a_second_and_the_next_job_nothing(
    server: RedisServer, tmp_path: Path
) -> None:
    queue = queue_on(server.url, tmp_path)
    assert queue.publish(answer_job("turn-0"))
    server.freeze()
    took = []
    for number in range(3):
        started = time.monotonic()
        assert not queue.publish(answer_job(f"turn-{number}"))
        took.append(time.monotonic() - started)
    server.thaw()
    assert took[0] < 1
    assert max(took[1:]) < 0.1
    queue.close()


def test_publishing_works_again_when_the_broker_is_back(server: RedisServer, tmp_path: Path) -> None:
    queue = queue_on(server.url, tmp_path)
    assert queue.publish(answer_job("turn-0"))
    server.stop()
    assert not queue.publish(answer_job("turn-1"))
    server.start()
    deadline = time.monotonic() + 10
    while not queue.publish(answer_job("turn-2")):
        assert time.monotonic() < deadline
    queue.close()


def test_the_doctor_can_tell_whether_a_broker_answers(server: RedisServer, tmp_path: Path) -> None:
    home = HomeSettings(home=tmp_path)
    assert broker_answers(make_app(WorkerSettings(broker_url=server.url), home))
    server.stop()
    assert not broker_answers(make_app(WorkerSettings(broker_url=server.url), home))


def test_whoever_does_not_wait_hands_a_job_over_at_once(server: RedisServer, tmp_path: Path) -> None:
    app = make_app(WorkerSettings(broker_url=server.url), HomeSettings(home=tmp_path))
    queue = CeleryQueue(app, patience=0)
    queue.connect()
    assert queue.publish(answer_job("turn-1"))
    with redis.Redis(port=server.port) as client:
        _, message = client.blpop(ANSWERS, timeout=5)
    assert b"turn-1" in message
    server.freeze()
    started = time.monotonic()
    assert queue.publish(answer_job("turn-2"))
    assert time.monotonic() - started < 0.1
    server.thaw()
    queue.close()


def test_a_broker_that_is_not_there_yet_costs_whoever_does_not_wait_nothing(tmp_path: Path) -> None:
    app = make_app(
        WorkerSettings(broker_url=f"redis://127.0.0.1:{free_port()}/0"), HomeSettings(home=tmp_path)
    )
    queue = CeleryQueue(app, patience=0)
    started = time.monotonic()
    queue.connect()
    assert queue.publish(answer_job("turn-1"))
    assert time.monotonic() - started < 0.1
    queue.close()
