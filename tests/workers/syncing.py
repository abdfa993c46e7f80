"""What syncs sources, on a ledger and an index in files."""

from pathlib import Path

from core.completions import ModelRole
from core.documents import Document
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.leases import Leases
from ledger.sources import Source, Sources
from retrieval.index import Coverage, Index
from retrieval.points import Filter
from retrieval.search import Search
from retrieval.stores.embedded import EmbeddedStore
from workers.examples import Examples
from workers.exclusion import Exclusion
from workers.ingesting import Ingesting, IngestingSettings
from workers.lease import LeaseSettings
from workers.models import ModelSettings, open_models


class Syncing:
    """A ledger, an index without an embedder, and what syncs."""

    def __init__(self, folder: Path, *, minutes: int = 60, lease: float = 15.0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.home = HomeSettings(home=folder)
        engine = open_ledger(LedgerSettings(), self.home)
        self.sources = Sources(engine)
        self.leases = Leases(engine, lease=lease)
        self.exclusion = Exclusion(self.leases, LeaseSettings(lease_seconds=max(lease, 1)))
        self.store = EmbeddedStore(folder / "index")
        self.search = Search(self.store, None)
        extractive = open_models(ModelSettings(model_strong="extractive"), None)[ModelRole.STRONG]
        self.ingesting = Ingesting(
            Index(self.store, None),
            self.sources,
            Examples(self.search, extractive),
            self.exclusion,
            IngestingSettings(sync_minutes=minutes),
        )

    def sync(self, source: Source) -> Coverage:
        return self.ingesting.sync(source, lambda _progress: None)

    @property
    def held(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """The words and readers of each document that the index holds."""
        index = self.ingesting.index
        recalled: list[Document] = []
        for source in self.sources.list():
            recalled.extend(index.recall(source.id, sorted(index.fingerprints(source.id))))
        return {each.id: (each.text, each.readers) for each in recalled}

    @property
    def points(self) -> list[tuple[str, str]]:
        """Every point of the index: its id, and what fingerprint it was made from."""
        if self.store.collection() is None:
            return []
        found = self.store.scroll(Filter(), ("fingerprint",))
        return sorted((record.id, record.payload["fingerprint"]) for record in found)

    def close(self) -> None:
        self.store.close()
