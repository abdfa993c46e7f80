"""What a worker shows of the queues and of live rates."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.metrics import Metrics
from core.queue import answer_job
from core.settings import HomeSettings
from tests.servers import rabbitmq_server
from tests.servers.redis_server import RedisServer, free_port
from workers.app import WorkerSettings, make_app
from workers.gauges import show_queues
from workers.queue import CeleryQueue


@pytest.fixture(params=["redis", *(["rabbitmq"] if rabbitmq_server.BINARY else [])])
def broker(request: pytest.FixtureRequest) -> Iterator[str]:
    with RedisServer() if request.param == "redis" else rabbitmq_server.RabbitServer() as server:
        yield server.url


def shown(metrics: Metrics) -> list[str]:
    return [line for line in metrics.text().decode().splitlines() if line.startswith("candor_queued_jobs{")]


def test_the_jobs_in_each_queue_are_counted_also_where_there_are_none(broker: str, tmp_path: Path) -> None:
    app = make_app(WorkerSettings(broker_url=broker), HomeSettings(home=tmp_path))
    metrics, queue = Metrics(), CeleryQueue(app, patience=10)
    show_queues(metrics, app)
    assert shown(metrics) == [
        'candor_queued_jobs{queue="answers"} 0.0',
        'candor_queued_jobs{queue="ingest"} 0.0',
    ]
    assert queue.publish(answer_job("one"))
    assert queue.publish(answer_job("two"))
    assert shown(metrics) == [
        'candor_queued_jobs{queue="answers"} 2.0',
        'candor_queued_jobs{queue="ingest"} 0.0',
    ]
    queue.close()


def test_without_a_broker_they_are_left_out(tmp_path: Path) -> None:
    settings = WorkerSettings(broker_url=f"redis://127.0.0.1:{free_port()}/0")
    metrics = Metrics()
    show_queues(metrics, make_app(settings, HomeSettings(home=tmp_path)))
    assert shown(metrics) == []
