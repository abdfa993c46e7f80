"""Making the index equal to a source, and the ledger know of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.documents import Document
from ledger.sources import Source, Sources
from retrieval.index import Coverage, Index, SyncProgress
from retrieval.loaders import Skipped, read_source
from workers.examples import Examples


@dataclass(frozen=True, slots=True)
class Ingesting:
    """Syncs sources.

    Attributes:
        index: the index.
        sources: the ledger's list of sources.
        examples: finds questions that a source can answer.
    """

    index: Index
    sources: Sources
    examples: Examples

    def sync(self, source: Source, on_progress: Callable[[SyncProgress], None]) -> Coverage:
        """Make the index equal to a source; run again after an interruption, it finishes.

        Raises:
            Misconfigured: the source's file or folder is gone or cannot be read.
            IndexUnavailable: the store does not answer.
        """
        seen: list[Document] = []
        found = read_source(Path(source.location), source.id, source.readers)
        coverage = self.index.sync(source.id, _noting(found, seen), on_progress)
        report = _report(coverage) | {"outside": self.examples.outside(source.readers)}
        self.sources.synced(source.id, report, self.examples.of(seen))
        return coverage

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
