"""Revisits: which pages of a web source are as they were at its last sync, and are not fetched again."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from core.documents import Document
from core.messages import Frozen
from retrieval.loaders import Skipped, Unchanged
from retrieval.sources.sitemap import Entry
from retrieval.sources.validators import Validators

BELIEVED_SECONDS = 24 * 3600.0
"""How long a server is believed that says "not modified"; then a page is fetched whole again."""


class Visit(Frozen):
    """What is remembered of a page that was fetched.

    Attributes:
        url, etag, modified: its validators.
        date: the day that its sitemap gave it, or empty.
        at: when it was fetched whole, in seconds since the Unix epoch.
        mark: of what the index held of it then, and of how that was made.
    """

    url: str
    etag: str
    modified: str
    date: str
    at: float
    mark: str = ""


class Revisits:
    """What is known of a source's pages, and what one sync learns of them.

    A page counts as known only where the index still holds exactly what was made of it, for the same readers
    and by the same rules; so what is remembered can be too little, but never wrong.

    Args:
        known: of the sync before, by the page's address.
        held: the fingerprints of the source's documents in the index, by their ids.
        recall: finds documents in the index by their ids.
        rules: whatever else the documents of a page depend on, such as the source's readers.
    """

    def __init__(
        self,
        known: Mapping[str, Visit] | None = None,
        held: Mapping[str, str] | None = None,
        recall: Callable[[Sequence[str]], Iterable[Document]] = lambda _ids: (),
        rules: str = "",
    ) -> None:
        self._known = known or {}
        self._held = _by_page(held or {})
        self._recall = recall
        self._rules = rules
        self._made: dict[str, Visit] = {}

    def validators(self, page: Entry) -> Validators:
        """By what to ask for a page; nothing where it has to be fetched whole."""
        visit = self._known.get(page.url)
        if visit is None or visit.date != page.date or not 0 <= time.time() - visit.at < BELIEVED_SECONDS:
            return Validators()
        if visit.mark != self._mark(self._held.get(page.url, {})):
            return Validators()
        return Validators(visit.url, visit.etag, visit.modified)

    def unchanged(self, page: Entry) -> Iterable[Unchanged]:
        """The documents of a page that the server says is as it was, in the order that it had them."""
        self._made[page.url] = self._known[page.url]
        return map(Unchanged, self._recall(sorted(self._held[page.url])))

    def fetched(self, page: Entry, told: Validators) -> None:
        """Remember a page that was fetched whole."""
        if told:
            self._made[page.url] = Visit(
                url=told.url, etag=told.etag, modified=told.modified, date=page.date, at=time.time()
            )

    def remembered(self, skipped: Iterable[Skipped], held: Mapping[str, str]) -> dict[str, Visit]:
        """What the next sync can rely on: all pages of which the index holds every document.

        Args:
            skipped: what this sync left out, for whatever reason.
            held: fingerprints of the source's documents in the index now, by their ids.
        """
        missing = {_page(item.path) for item in skipped}
        pages = _by_page(held)
        return {
            page: visit.model_copy(update={"mark": self._mark(pages[page])})
            for page, visit in self._made.items()
            if page in pages and page not in missing
        }

    def _mark(self, held: Mapping[str, str]) -> str:
        return hashlib.sha256(json.dumps([self._rules, sorted(held.items())]).encode()).hexdigest()


def _by_page(held: Mapping[str, str]) -> dict[str, dict[str, str]]:
    pages: dict[str, dict[str, str]] = {}
    for name, fingerprint in held.items():
        pages.setdefault(_page(name), {})[name] = fingerprint
    return pages


def _page(name: str) -> str:
    """The address of the page that a document is, or that it is a record of: no address has a fragment."""
    return name.partition("#")[0]
