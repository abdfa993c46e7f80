"""A process that hears questions and leaves the answering to workers elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.intake import Intake
from cli.bootstrap.hearing import HEARING_SECONDS, Hearing
from cli.bootstrap.records import open_records
from core.settings import HomeSettings
from workers.app import WorkerSettings, make_app
from workers.queue import CeleryQueue


@contextmanager
def hearing(home: HomeSettings, settings: WorkerSettings) -> Iterator[Hearing]:
    """Open the ledger and the queue."""
    records = open_records(home, wait=HEARING_SECONDS)
    queue = CeleryQueue(make_app(settings, home))
    try:
        yield Hearing(Intake(records.turns, records.feedback, queue), records)
    finally:
        queue.close()
