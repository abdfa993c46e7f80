"""The tasks that make the index equal to a source, now or when its schedule says so."""

from celery import Celery

from core import log
from core.errors import CandorError
from core.queue import FORGET, SYNC, SYNC_ALL, Job, Queue, sync_job
from ledger.sources import Sources
from workers.ingesting import Ingesting

_log = log.get(__name__)


def register(app: Celery, ingesting: Ingesting, sources: Sources, queue: Queue) -> None:
    """Add the tasks to an app."""

    def sync(job: dict[str, object]) -> None:
        source = sources.find(Job.model_validate(job).source_id)
        if source is None:
            return
        try:
            coverage = ingesting.sync(source, lambda _progress: None)
        except CandorError as error:
            _log.warning("source not synced", source=source.location, error=str(error))
        else:
            _log.info("source synced", source=source.location, indexed=coverage.indexed)

    def forget(job: dict[str, object]) -> None:
        gone = Job.model_validate(job)
        try:
            ingesting.forget(gone.source_id, gone.conversations)
        except CandorError as error:
            _log.warning("deleted messages stay until the next sync", error=str(error))

    def sync_all() -> None:
        try:
            due = ingesting.due()
        except CandorError as error:
            _log.warning("schedules not read", error=str(error))
            return
        for source in due:
            queue.publish(sync_job(source.id))

    app.task(name=SYNC, shared=False)(sync)
    app.task(name=FORGET, shared=False)(forget)
    app.task(name=SYNC_ALL, shared=False)(sync_all)
