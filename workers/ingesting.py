"""Making the index equal to a source, and the ledger know of it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from pydantic import Field

from core import plugins
from core.documents import Document
from core.errors import Misconfigured
from core.settings import Settings
from core.transcripts import Channels, NotThere
from ledger.sources import Source, Sources
from retrieval.index import RULES, Coverage, Index, SyncProgress
from retrieval.loaders import Skipped, Unchanged
from retrieval.sources import is_url, read_source
from retrieval.sources.revisits import Revisits, Visit
from workers.examples import Examples
from workers.exclusion import Exclusion


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
        exclusion: keeps two syncs of one source apart.
        settings: when sources are synced.
        channels: the chat platforms whose channels can be sources, by name.
    """

    index: Index
    sources: Sources
    examples: Examples
    exclusion: Exclusion
    settings: IngestingSettings = field(default_factory=IngestingSettings)
    channels: Mapping[str, Channels] = field(default_factory=dict)

    def due(self) -> Sequence[Source]:
        """The sources that are to be synced now by their schedules, each given out once.

        Raises:
            LedgerUnavailable: the ledger does not answer.
        """
        return self.sources.take_due(timedelta(minutes=self.settings.sync_minutes))

    def sync(
        self, source: Source, on_progress: Callable[[SyncProgress], None], *, patient: bool = False
    ) -> Coverage:
        """Make the index equal to a source; run again after an interruption, it finishes.

        Args:
            source: the source.
            on_progress: called after each document.
            patient: wait for as long as it takes to tell whether another sync of it is still alive.

        Raises:
            Busy: another process syncs this source, or makes the index anew.
            LostClaim: another process has taken this sync over.
            Misconfigured: the source's file or folder is gone or cannot be read, its URL is refused, or it
                was removed.
            NotThere: Candor may no longer read the channel; nothing of it is in the index any more.
            Unavailable: the source's server or file cannot be read just now.
            IndexUnavailable: the store does not answer.
        """
        seen: list[Document] = []
        # Loaded here: what it imports takes a third of a second, for which no answer should wait.
        duplicates = plugins.load("retrieval", "duplicates", setting="the sync").Duplicates()
        with self.exclusion.source(source, patient=patient) as held:
            source = self._as_listed(source)
            revisits = self._revisits(source)
            read = read_source(source.location, source.id, source.readers, revisits, self.channels)
            found = held.following(_noting(duplicates.without(read), seen))
            try:
                coverage = self.index.sync(source.id, found, on_progress)
            except Misconfigured as error:
                if source.synced_at is None:  # it was never a source, but a mistake
                    self._forget(source)
                elif isinstance(error, NotThere):  # it stays listed: invited again, Candor reads it again
                    self.index.remove(source.id)
                raise
            report = _report(coverage) | {"outside": self.examples.outside(source.readers)}
            examples = self.examples.of(seen)
            pages = self._remembered(source, revisits, coverage)
            held.check()
            self.sources.synced(source.id, report, examples, pages)
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
            Busy: another process syncs this source, or makes the index anew.
            IndexUnavailable: the store does not answer; the source stays listed, to be tried again.
        """
        with self.exclusion.source(source, patient=True):
            self._forget(source)

    def _as_listed(self, source: Source) -> Source:
        """The source as it is listed now: until the lease was had, its readers may have changed."""
        listed = self.sources.find(source.id)
        if listed is None:
            raise Misconfigured(f"{source.location}: it is no source any more, since it was removed")
        return listed

    def _forget(self, source: Source) -> None:
        self.index.remove(source.id)
        self.sources.remove(source.id)

    def _revisits(self, source: Source) -> Revisits:
        """What is known of the pages of a source on the web."""
        if not is_url(source.location):
            return Revisits()
        pages = self.sources.pages(source.id)
        return Revisits(
            {page: Visit.model_validate(visit) for page, visit in pages.items()},
            self.index.fingerprints(source.id),
            lambda document_ids: self.index.recall(source.id, document_ids),
            json.dumps([RULES, source.readers]),
        )

    def _remembered(self, source: Source, revisits: Revisits, coverage: Coverage) -> dict[str, object]:
        """What the next sync is to know of them."""
        if not is_url(source.location):
            return {}
        pages = revisits.remembered(coverage.skipped, self.index.fingerprints(source.id))
        return {page: visit.model_dump() for page, visit in pages.items()}


def _noting(
    found: Iterable[Document | Skipped | Unchanged], seen: list[Document]
) -> Iterator[Document | Skipped | Unchanged]:
    """Pass documents on, keeping those from which example questions can be made."""
    for item in found:
        if not isinstance(item, Skipped) and len(seen) < Examples.MOST_DOCUMENTS:
            seen.append(item.document if isinstance(item, Unchanged) else item)
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
