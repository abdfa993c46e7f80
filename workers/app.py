"""The Celery app: its broker, its queues, and settings that make the broker a hint that comes quickly."""

from typing import TypeAlias

from celery import Celery
from celery.signals import setup_logging
from pydantic import Field

from core.errors import Misconfigured
from core.queue import SYNC_ALL, SYNC_RATES
from core.settings import HomeSettings, Settings

App: TypeAlias = Celery
"""What other rooms call the Celery app, which they hold and never look into."""

ANSWERS = "answers"
INGEST = "ingest"

_BROKERS = ("memory://", "redis://", "rediss://", "amqp://", "amqps://")

# How often the schedules of sources are looked at, and whether the live-rate service is due for its sync.
_CLOCK_SECONDS = 60.0

# How much longer than a turn may take Redis waits before it hands out its task again.
_VISIBILITY_MARGIN_SECONDS = 15


class WorkerSettings(Settings):
    """The queue and the workers behind it."""

    broker_url: str = Field(
        default="memory://",
        description="Where jobs wait: `memory://` keeps asker and worker in one process, "
        "`redis://host:6379/0` lets them be many.",
    )
    worker_threads: int = Field(
        default=4, ge=1, le=256, description="How many turns one worker process works on at once."
    )
    turn_seconds: float = Field(default=60.0, gt=0, description="How long one attempt at an answer may take.")

    shutdown_seconds: float = Field(
        default=25.0,
        gt=0,
        description="How long a worker that is told to stop may take to finish what it has begun; then it "
        "hands the rest over.",
    )

    @property
    def in_process(self) -> bool:
        """Whether the queue lives in this process alone."""
        return self.broker_url.startswith("memory:")

    @property
    def quorum(self) -> bool:
        """Whether the broker is RabbitMQ, whose quorum queues lose nothing."""
        return self.broker_url.startswith(("amqp:", "amqps:"))

    @property
    def visibility_seconds(self) -> float:
        """When Redis hands out a task again that nobody has acknowledged: later than any turn may take."""
        return self.turn_seconds + _VISIBILITY_MARGIN_SECONDS


def make_app(
    settings: WorkerSettings,
    home: HomeSettings,
    *,
    syncs_rates: bool = False,
    clock_seconds: float = _CLOCK_SECONDS,
) -> Celery:
    """A Celery app that can send by task name; the tasks are added by the process that works.

    The Redis settings are those that lost fewest tasks when workers were killed; what is lost all the same,
    the ledger's sweep brings back. Nothing is retried by the broker later than its visibility timeout, no
    results are kept, and only JSON goes in or out. RabbitMQ's queues are quorum queues, and it confirms what
    it is sent.

    Args:
        settings: the broker.
        home: where the clock keeps its memory.
        syncs_rates: whether the clock has the live-rate service sync.
        clock_seconds: how often the clock looks at what is due.

    Raises:
        Misconfigured: there is no such broker.
    """
    if not settings.broker_url.startswith(_BROKERS):
        raise Misconfigured(
            "CANDOR_BROKER_URL: this is no broker's URL; write memory://, redis://HOST:6379/0 or amqp://HOST"
        )
    # kombu wants a host in every URL, and warns where there is none.
    url = "memory://localhost/" if settings.in_process else settings.broker_url
    app = Celery("candor", broker=url, set_as_current=False)
    app.conf.update(
        task_default_queue=ANSWERS,
        task_routes={"ingesting.*": {"queue": INGEST}, "rates.*": {"queue": INGEST}},
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_default_queue_type="quorum" if settings.quorum else "classic",
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=2,
        broker_transport_options=_transport_options(settings),
        visibility_timeout=settings.visibility_seconds,
        result_backend_transport_options={"visibility_timeout": settings.visibility_seconds},
        worker_cancel_long_running_tasks_on_connection_loss=False,
        beat_schedule=_schedule(clock_seconds, syncs_rates=syncs_rates),
        beat_schedule_filename=str(home.home / "beat-schedule"),
        timezone="UTC",
    )
    setup_logging.connect(_keep_our_logging, weak=False)
    return app


def _schedule(seconds: float, *, syncs_rates: bool) -> dict[str, dict[str, object]]:
    tasks = {"sync": SYNC_ALL} | ({"rates": SYNC_RATES} if syncs_rates else {})
    return {
        name: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
        for name, task in tasks.items()
    }


def _transport_options(settings: WorkerSettings) -> dict[str, object]:
    if settings.in_process:
        return {"polling_interval": 0.01}
    if settings.quorum:
        return {"confirm_publish": True}
    return {
        "visibility_timeout": settings.visibility_seconds,
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 2,
        "socket_keepalive": True,
        "health_check_interval": 5,
    }


def _keep_our_logging(**_: object) -> None:
    """Connected so that Celery leaves the logging of the process as it is."""
