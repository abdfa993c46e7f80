"""A process that hears questions and leaves the answering to workers elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager

from cli.bootstrap.hearing import HEARING_SECONDS, Hearing, open_door
from cli.bootstrap.records import open_records
from core.settings import HomeSettings
from core.watch import Watch
from workers.app import WorkerSettings, make_app
from workers.queue import PATIENCE_SECONDS, CeleryQueue


@contextmanager
def hearing(
    home: HomeSettings,
    settings: WorkerSettings,
    *,
    patience: float = PATIENCE_SECONDS,
    watch: Watch | None = None,
) -> Iterator[Hearing]:
    """Open the ledger and the queue.

    Args:
        home: the data folder.
        settings: the broker.
        patience: seconds that a question may wait for the broker to take its job; 0 waits for none.
        watch: who sees what comes in.
    """
    records = open_records(home, wait=HEARING_SECONDS)
    queue = CeleryQueue(make_app(settings, home), patience=patience)
    queue.connect()
    try:
        yield open_door(records, queue, watch or Watch())
    finally:
        queue.close()
