"""One process that hears, answers and reads: the default, with no server at all."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from cli.bootstrap.hearing import HEARING_SECONDS, Hearing, open_door
from cli.bootstrap.records import open_records
from cli.bootstrap.worker import Working, working
from core.errors import Busy
from core.messages import EVERYONE
from core.settings import HomeSettings
from workers.app import ANSWERS, INGEST, WorkerSettings
from workers.running import WorkerThread, beat_thread

OWN_DOCS = Path(__file__).resolve().parents[2] / "docs"
"""What Candor reads as long as nobody has given it anything else: its own documentation."""


@contextmanager
def hearing(
    home: HomeSettings, settings: WorkerSettings, *, beat: bool = False, rates_url: str = ""
) -> Iterator[Hearing]:
    """Open the door and put a worker behind it, and the clock where it is wanted.

    Args:
        home: the data folder.
        settings: the queue and the threads.
        beat: whether the clock is wanted.
        rates_url: the live-rate service, where it runs in this process.
    """
    with working(home, settings, rates_url=rates_url) as parts, ExitStack() as stack:
        read_own_docs(parts)
        stack.enter_context(
            WorkerThread(parts.app, threads=settings.worker_threads, queues=[ANSWERS, INGEST])
        )
        if beat:
            stack.enter_context(beat_thread(parts.app))
        # A connection of its own: the worker may wait longer for a lock than a person for a word.
        heard = open_records(home, wait=HEARING_SECONDS)
        yield open_door(heard, parts.queue)


def read_own_docs(parts: Working) -> None:
    """Ingest Candor's own documentation when there is nothing else."""
    if not parts.records.sources.list():
        source = parts.records.sources.add(str(OWN_DOCS), (EVERYONE,))
        with suppress(Busy):  # then another process is reading them
            parts.ingesting.sync(source, lambda _progress: None)
