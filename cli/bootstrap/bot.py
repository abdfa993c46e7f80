"""A process that hears questions and leaves the answering to workers elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.intake import Intake
from cli.bootstrap.hearing import Hearing
from cli.bootstrap.records import open_records
from core.settings import HomeSettings
from workers.app import WorkerSettings, make_app
from workers.queue import CeleryQueue

# An ingress may spend a second on the ledger; its platform waits for three.
_LEDGER_SECONDS = 1.0


@contextmanager
def hearing(home: HomeSettings, settings: WorkerSettings) -> Iterator[Hearing]:
    """Open the ledger and the queue."""
    records = open_records(home, wait=_LEDGER_SECONDS)
    queue = CeleryQueue(make_app(settings, home))
    try:
        yield Hearing(Intake(records.turns, records.feedback, queue), records)
    finally:
        queue.close()
