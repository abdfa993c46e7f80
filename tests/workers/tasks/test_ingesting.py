"""The tasks that sync: what is due is published once, and what goes wrong stays inside."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.completions import ModelRole
from core.queue import FORGET, SYNC, SYNC_ALL, Job, forget_job, sync_job
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.leases import Leases
from ledger.sources import Sources
from retrieval.index import Index
from retrieval.points import Filter
from retrieval.search import Search
from retrieval.stores.embedded import EmbeddedStore
from tests.cli.candor import eventually
from tests.retrieval.sources.site import Site, article
from workers.app import INGEST, WorkerSettings, make_app
from workers.examples import Examples
from workers.exclusion import Exclusion
from workers.ingesting import Ingesting, IngestingSettings
from workers.lease import LeaseSettings
from workers.models import ModelSettings, open_models
from workers.queue import CeleryQueue
from workers.running import WorkerThread, beat_thread
from workers.tasks import ingesting as tasks

COPY = " ".join(f"The key of room {word} hangs on the board." for word in ("one", "two", "three", "four"))


class CollectingQueue:
    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def publish(self, job: Job) -> bool:
        self.jobs.append(job)
        return True


class Bench:
    """The tasks on a ledger and an index in files; a job is worked on at once."""

    def __init__(self, folder: Path, *, minutes: int = 60) -> None:
        self.home = HomeSettings(home=folder)
        engine = open_ledger(LedgerSettings(), self.home)
        self.sources = Sources(engine)
        self.store = EmbeddedStore(folder / "index")
        self.search = Search(self.store, None)
        extractive = open_models(ModelSettings(model_strong="extractive"), None)[ModelRole.STRONG]
        self.ingesting = Ingesting(
            Index(self.store, None),
            self.sources,
            Examples(self.search, extractive),
            Exclusion(Leases(engine), LeaseSettings()),
            IngestingSettings(sync_minutes=minutes),
        )
        self.queue = CollectingQueue()
        self.app = make_app(WorkerSettings(), self.home)
        tasks.register(self.app, self.ingesting, self.sources, self.queue)

    def run(self, name: str, *arguments: Any) -> None:
        self.app.tasks[name](*arguments)

    def sync(self, source_id: str) -> None:
        self.run(SYNC, sync_job(source_id).model_dump(mode="json"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.store.close()


def test_only_what_is_due_is_published_and_only_once(bench: Bench, tmp_path: Path) -> None:
    due = bench.sources.add(str(tmp_path / "due"), ("everyone",), timedelta(milliseconds=1))
    bench.sources.add(str(tmp_path / "fresh"), ("everyone",))
    bench.sources.add(str(tmp_path / "never"), ("everyone",), timedelta())
    while not bench.queue.jobs:  # until its millisecond is over
        bench.run(SYNC_ALL)
    assert bench.queue.jobs == [sync_job(due.id)]
    bench.sources.add(due.location, due.readers, timedelta(hours=1))
    bench.run(SYNC_ALL)
    assert bench.queue.jobs == [sync_job(due.id)]


def test_a_sync_follows_its_source_and_reports_duplicates(bench: Bench, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "keys.txt").write_text(COPY)
    (docs / "keys-copy.txt").write_text(COPY)
    source = bench.sources.add(str(docs), ("everyone",))
    bench.sync(source.id)
    synced = bench.sources.find(source.id)
    assert synced is not None
    assert (synced.report["found"], synced.report["indexed"]) == (2, 1)
    assert synced.report["skipped"] == [{"path": "keys.txt", "reason": "near-duplicate of keys-copy.txt"}]
    (docs / "keys-copy.txt").unlink()
    bench.sync(source.id)
    assert [record.payload["document_id"] for record in bench.store.scroll(Filter())] == ["keys.txt"]


def test_a_source_that_fails_leaves_the_index_as_it_was(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANDOR_INGEST_ALLOW_PRIVATE_URLS", "true")
    with Site({"/": article("Keys", COPY)}) as site:
        source = bench.sources.add(f"{site.url}/", ("everyone",))
        bench.sync(source.id)
    assert bench.store.count(Filter()) == 1
    bench.sync(source.id)
    bench.sync("unknown")
    assert bench.store.count(Filter()) == 1
    assert bench.sources.find(source.id) is not None


def test_a_location_that_is_refused_never_becomes_a_source(bench: Bench) -> None:
    source = bench.sources.add("http://127.0.0.1/", ("everyone",))
    bench.sync(source.id)
    assert bench.sources.list() == []


def test_conversations_are_forgotten_and_come_back_with_the_next_sync(bench: Bench, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    for folder in ("one", "two"):
        (docs / folder).mkdir(parents=True)
        (docs / folder / "a.md").write_text(f"# {folder}\n\nThe key of room {folder} hangs on the board.")
    source = bench.sources.add(str(docs), ("everyone",))
    bench.sync(source.id)
    bench.run(FORGET, forget_job(source.id, ("one",)).model_dump(mode="json"))
    assert bench.store.count(Filter()) == 1
    bench.sync(source.id)
    assert bench.store.count(Filter()) == 2


def test_what_cannot_be_forgotten_stays_inside(bench: Bench) -> None:
    bench.run(FORGET, forget_job("nobody", ("one",)).model_dump(mode="json"))


def test_a_worker_in_this_process_syncs_what_is_published(bench: Bench, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("The key of room one hangs on the board.")
    source = bench.sources.add(str(docs), ("everyone",))
    queue = CeleryQueue(bench.app)
    with WorkerThread(bench.app, threads=1, queues=[INGEST]):
        assert queue.publish(sync_job(source.id))
        eventually(lambda: bench.sources.list()[0].synced_at)
    queue.close()
    assert bench.store.count(Filter()) == 1


def test_the_clock_and_a_worker_of_one_process_follow_what_changes(bench: Bench, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text("The key of room one hangs on the board.")
    (docs / "b.md").write_text("The board hangs in the hall.")
    bench.sources.add(str(docs), ("everyone",), timedelta(milliseconds=1))
    app = make_app(WorkerSettings(), bench.home, clock_seconds=0.2)
    queue = CeleryQueue(app)
    tasks.register(app, bench.ingesting, bench.sources, queue)

    def held() -> list[str]:
        return sorted(record.payload["text"] for record in bench.store.scroll(Filter()))

    with WorkerThread(app, threads=2, queues=[INGEST]), beat_thread(app):
        eventually(lambda: bench.store.collection() and len(held()) == 2)
        (docs / "a.md").write_text("The key of room one lies with the caretaker.")
        (docs / "b.md").unlink()
        eventually(lambda: held() == ["The key of room one lies with the caretaker."])
    queue.close()
