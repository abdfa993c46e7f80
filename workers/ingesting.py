"""Making the index equal to a source, and the ledger know of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import Field

from core import plugins
from core.documents import Document
from core.errors import Misconfigured
from core.settings import Settings
from core.transcripts import Channels
from ledger.sources import Source, Sources
from retrieval.index import Coverage, Index, SyncProgress
from retrieval.loaders import Skipped
from retrieval.sources import read_source
from workers.examples import Examples


class IngestingSettings(Settings):
    """When sources are synced."""

    sync_minutes: int = Field(
        default=60,
        ge=0,
        description="Minutes between two syncs of a source that has no schedule of its own; 0 for none.",
    )


@dataclass(frozen=True, slots=True)
class Ingesting:
    """Syncs sources.

    Attributes:
        index: the index.
        sources: the ledger's list of sources.
        examples: finds questions that a source can answer.
        settings: when sources are synced.
        channels: the chat platforms whose channels can be sources, by name.
    """

    index: Index
    sources: Sources
    examples: Examples
    settings: IngestingSettings = field(default_factory=IngestingSettings)
    channels: Mapping[str, Channels] = field(default_factory=dict)

    def due(self) -> Sequence[Source]:
        """The sources that are to be synced now by their schedules, each given out once.

        Raises:
            LedgerUnavailable: the ledger does not answer.
        """
        return self.sources.take_due(timedelta(minutes=self.settings.sync_minutes))

    def sync(self, source: Source, on_progress: Callable[[SyncProgress], None]) -> Coverage:
        """Make the index equal to a source; run again after an interruption, it finishes.

        Raises:
            Misconfigured: the source's file or folder is gone or cannot be read, or its URL is refused.
            Unavailable: the source's server or file cannot be read just now.
            IndexUnavailable: the store does not answer.
        """
        seen: list[Document] = []
        # Loaded here: what it imports takes a third of a second, for which no answer should wait.
        duplicates = plugins.load("retrieval", "duplicates", setting="the sync").Duplicates()
        read = read_source(source.location, source.id, source.readers, self.channels)
        found = duplicates.without(read)
        try:
            coverage = self.index.sync(source.id, _noting(found, seen), on_progress)
        except Misconfigured:
            if source.synced_at is None:  # it was never a source, but a mistake
                self.remove(source)
            raise
        report = _report(coverage) | {"outside": self.examples.outside(source.readers)}
        self.sources.synced(source.id, report, self.examples.of(seen))
        return coverage

    def forget(self, source_id: str, conversations: Sequence[str]) -> None:
        """Take conversations in which something was deleted out of the index, until the next sync.

        Raises:
            IndexUnavailable: the store does not answer; the next sync takes out what is gone.
        """
        self.index.forget(source_id, conversations)

    def remove(self, source: Source) -> None:
        """Take a source out of the index and the ledger.

        Raises:
            IndexUnavailable: the store does not answer; the source stays listed, to be tried again.
        """
        self.index.remove(source.id)
        self.sources.remove(source.id)


def _noting(found: Iterable[Document | Skipped], seen: list[Document]) -> Iterator[Document | Skipped]:
    """Pass documents on, keeping those from which example questions can be made."""
    for item in found:
        if isinstance(item, Document) and len(seen) < Examples.MOST_DOCUMENTS:
            seen.append(item)
        yield item


def _report(coverage: Coverage) -> dict[str, object]:
    return {
        "found": coverage.found,
        "indexed": coverage.indexed,
        "unchanged": coverage.unchanged,
        "deleted": coverage.deleted,
        "chunks": coverage.chunks,
        "skipped": [{"path": item.path, "reason": item.reason} for item in coverage.skipped],
    }
