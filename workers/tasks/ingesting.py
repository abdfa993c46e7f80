"""The tasks that make the index equal to a source, now or when its schedule says so."""

from collections.abc import Sequence
from dataclasses import dataclass

from celery import Celery

from core import log
from core.errors import Busy, CandorError
from core.queue import FORGET, SYNC, SYNC_ALL, Job, Queue, sync_job
from ledger.sources import Sources
from workers.ingesting import Ingesting

_log = log.get(__name__)


@dataclass(frozen=True, slots=True)
class Syncing:
    """What the tasks do; none of them raises what the next sync mends."""

    ingesting: Ingesting
    sources: Sources
    queue: Queue

    def sync(self, source_id: str) -> None:
        """Make the index equal to one source, unless somebody does so already."""
        source = self.sources.find(source_id)
        if source is None:
            return
        try:
            coverage = self.ingesting.sync(source, lambda _progress: None)
        except Busy as error:
            _log.info("sync skipped", source=source.location, cause=str(error))
        except CandorError as error:
            _log.warning("source not synced", source=source.location, error=str(error))
        else:
            _log.info("source synced", source=source.location, indexed=coverage.indexed)

    def forget(self, source_id: str, conversations: Sequence[str]) -> None:
        """Take conversations in which something was deleted out of the index."""
        try:
            self.ingesting.forget(source_id, conversations)
        except CandorError as error:
            _log.warning("deleted messages stay until the next sync", error=str(error))

    def sync_due(self) -> None:
        """Send a job for each source that is due."""
        try:
            due = self.ingesting.due()
        except CandorError as error:
            _log.warning("schedules not read", error=str(error))
            return
        for source in due:
            self.queue.publish(sync_job(source.id))


def register(app: Celery, ingesting: Ingesting, sources: Sources, queue: Queue) -> None:
    """Add the tasks to an app."""
    syncing = Syncing(ingesting, sources, queue)

    def sync(job: dict[str, object]) -> None:
        syncing.sync(Job.model_validate(job).source_id)

    def forget(job: dict[str, object]) -> None:
        gone = Job.model_validate(job)
        syncing.forget(gone.source_id, gone.conversations)

    def sync_all() -> None:
        syncing.sync_due()

    app.task(name=SYNC, shared=False)(sync)
    app.task(name=FORGET, shared=False)(forget)
    app.task(name=SYNC_ALL, shared=False)(sync_all)
