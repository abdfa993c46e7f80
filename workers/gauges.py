"""What a worker sees beyond itself: how much waits, and how old live rates are."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from celery import Celery
from kombu import Connection

from core import telemetry as names
from core.deadline import Deadline
from core.errors import Unavailable
from core.metrics import Metrics, Reading
from ledger.turns import Turns
from workers.app import ANSWERS, INGEST
from workers.rates.service import LiveRates

_RATES_SECONDS = 1.0
_KEPT_SECONDS = 60.0


def show_backlog(metrics: Metrics, turns: Turns) -> None:
    """Show the ledger's open turns and the longest wait: what autoscaling and alerts go by."""
    metrics.gauge(
        names.OPEN_TURNS,
        "Turns without an outcome, by whether a worker holds them.",
        ("state",),
        lambda: {("received",): turns.waiting().received, ("running",): turns.waiting().running},
    )
    metrics.gauge(
        names.OLDEST_SECONDS,
        "How long the turn that has waited longest for a worker has waited.",
        (),
        lambda: {(): turns.waiting().oldest},
    )


def show_queues(metrics: Metrics, app: Celery) -> None:
    """Show how many jobs the broker has for each queue."""

    def read() -> Reading:
        try:
            with app.connection_for_read() as connection:
                return {(name,): _jobs(connection, name) for name in (ANSWERS, INGEST)}
        except Exception as error:  # noqa: BLE001 - whatever a broker's client raises
            raise Unavailable(f"the broker does not answer ({type(error).__name__})") from None

    metrics.gauge(names.QUEUED_JOBS, "Jobs in the broker's queues.", ("queue",), read)


def _jobs(connection: Connection, queue: str) -> float:
    """How many jobs a queue has. Redis knows no empty queue, and so it has none that it does not know."""
    with connection.channel() as channel:
        try:
            return float(channel.queue_declare(queue, passive=True).message_count)
        except connection.channel_errors:
            return 0.0


def show_rates(metrics: Metrics, rates: LiveRates) -> None:
    """Show how long ago the source of live rates was looked at that was looked at longest ago.

    The service is asked once a minute at most.
    """

    def read() -> Reading:
        health = rates.health(Deadline(_RATES_SECONDS))
        now = datetime.now(UTC)
        looks = [source.checked_at for source in health.sources if source.checked_at]
        return {(): (now - min(looks)).total_seconds()} if looks else {}

    metrics.gauge(
        names.RATES_AGE_SECONDS,
        "Since the source of live rates was looked at that waits longest.",
        (),
        _kept(read),
    )


def _kept(read: Callable[[], Reading]) -> Callable[[], Reading]:
    """The same, read anew only when what was read last is a minute old."""
    last: list[tuple[float, Reading]] = []

    def kept() -> Reading:
        if not last or time.monotonic() - last[0][0] > _KEPT_SECONDS:
            last[:] = [(time.monotonic(), read())]
        return last[0][1]

    return kept
