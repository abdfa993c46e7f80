"""The broker's settings, one by one: each was chosen because without it something was lost or hung."""

from pathlib import Path
from typing import Any

import pytest

from core.settings import HomeSettings
from workers.app import WorkerSettings, make_app

REDIS = "redis://127.0.0.1:1/0"


def conf(tmp_path: Path, **settings: Any) -> Any:
    return make_app(WorkerSettings(**settings), HomeSettings(home=tmp_path)).conf


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("task_acks_late", True),
        ("task_reject_on_worker_lost", True),
        ("worker_prefetch_multiplier", 1),
        ("task_ignore_result", True),
        ("result_backend", None),
        ("accept_content", ["json"]),
        ("task_serializer", "json"),
        ("worker_cancel_long_running_tasks_on_connection_loss", False),
        ("visibility_timeout", 75),
        ("result_backend_transport_options", {"visibility_timeout": 75}),
        (
            "broker_transport_options",
            {
                "visibility_timeout": 75,
                "unacked_restore_interval": 1,
                "unacked_restore_throttle": 1,
                "socket_timeout": 5,
                "socket_connect_timeout": 2,
                "socket_keepalive": True,
                "health_check_interval": 5,
            },
        ),
    ],
)
def test_a_setting_for_redis_is_as_it_was_measured(name: str, value: object, tmp_path: Path) -> None:
    assert conf(tmp_path, broker_url=REDIS)[name] == value


def test_redis_hands_no_task_out_again_while_a_turn_may_still_be_worked_on(tmp_path: Path) -> None:
    settings = WorkerSettings(broker_url=REDIS, turn_seconds=200)
    assert settings.visibility_seconds > settings.turn_seconds
    options = conf(tmp_path, broker_url=REDIS, turn_seconds=200).broker_transport_options
    assert options["visibility_timeout"] == settings.visibility_seconds


def test_rabbitmq_keeps_quorum_queues_and_confirms_what_it_is_sent(tmp_path: Path) -> None:
    found = conf(tmp_path, broker_url="amqp://127.0.0.1:1//")
    assert found.task_default_queue_type == "quorum"
    assert found.broker_transport_options == {"confirm_publish": True}
    assert found.worker_detect_quorum_queues


def test_answers_and_syncs_have_queues_of_their_own(tmp_path: Path) -> None:
    found = conf(tmp_path, broker_url=REDIS)
    assert found.task_default_queue == "answers"
    assert found.task_routes["ingesting.*"] == found.task_routes["rates.*"] == {"queue": "ingest"}
