"""One process that hears, answers and reads: the default, with no server at all."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

from cli.bootstrap.hearing import HEARING_SECONDS, Hearing, open_door
from cli.bootstrap.records import open_records
from cli.bootstrap.worker import Working, working
from core.errors import Busy
from core.messages import EVERYONE
from core.queue import sync_job
from core.settings import HomeSettings
from core.watch import Watch
from workers.app import ANSWERS, INGEST, WorkerSettings
from workers.queue import PATIENCE_SECONDS, CeleryQueue
from workers.running import WorkerThread, beat_thread

OWN_DOCS = Path(__file__).resolve().parents[2] / "docs"
"""What Candor reads as long as nobody has given it anything else: its own documentation."""


@contextmanager
def hearing(
    home: HomeSettings,
    settings: WorkerSettings,
    *,
    beat: bool = False,
    rates_url: str = "",
    patience: float = PATIENCE_SECONDS,
    watch: Watch | None = None,
) -> Iterator[Hearing]:
    """Open the door and put a worker behind it, and the clock where it is wanted.

    Args:
        home: the data folder.
        settings: the queue and the threads.
        beat: whether the clock is wanted.
        rates_url: the live-rate service, where it runs in this process.
        patience: seconds that a question may wait for the broker to take its job; 0 waits for none.
        watch: who sees the work.
    """
    with working(home, settings, rates_url=rates_url, watch=watch) as parts, ExitStack() as stack:
        read_own_docs(parts, later=beat)
        stack.enter_context(
            WorkerThread(
                parts.app, threads=settings.worker_threads, queues=[ANSWERS, INGEST, parts.canary.queue]
            )
        )
        if beat:
            stack.enter_context(beat_thread(parts.app))
        queue = stack.enter_context(closing(CeleryQueue(parts.app, patience=patience)))
        # A connection of its own: the worker may wait longer for a lock than a person for a word.
        heard = open_records(home, wait=HEARING_SECONDS)
        yield open_door(heard, queue, parts.watch, parts.health)


def read_own_docs(parts: Working, *, later: bool = False) -> None:
    """Ingest Candor's own documentation when there is nothing else.

    Args:
        parts: what reads.
        later: leave it to the worker, so that nobody waits for it.
    """
    if parts.records.sources.list():
        return
    source = parts.records.sources.add(str(OWN_DOCS), (EVERYONE,))
    if later:
        parts.queue.publish(sync_job(source.id))
        return
    with suppress(Busy):  # then another process is reading them
        parts.ingesting.sync(source, lambda _progress: None)
