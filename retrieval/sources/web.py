"""Web pages and sitemaps as sources."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urldefrag, urlsplit

from core.documents import Document
from core.errors import Misconfigured, Unavailable
from retrieval.loaders import MEDIA_TYPES, SUFFIXES, Skipped, Unchanged, UnreadableError
from retrieval.sources import sitemap
from retrieval.sources.documents import Origin, documents
from retrieval.sources.fetcher import Fetched, Fetcher, Unfetched
from retrieval.sources.parser import Parser
from retrieval.sources.revisits import Revisits
from retrieval.sources.sitemap import Entry

MOST_PAGES = 2000
"""Pages of one sitemap that are read."""

MOST_SITEMAPS = 50
"""Sitemaps that one sitemap index may lead to."""

_ANY = frozenset(MEDIA_TYPES) | sitemap.MEDIA_TYPES


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a source on the web, and what it works with."""

    source_id: str
    readers: tuple[str, ...]
    parser: Parser
    fetcher: Fetcher
    revisits: Revisits


def read(location: str, reading: Reading) -> Iterator[Document | Skipped | Unchanged]:
    """Read one page or file by its URL, or, in the order of their URLs, a sitemap's pages on its host.

    `Document.id` is the URL as it was given, `Document.link` the one that it redirects to. A page that the
    server says is as it was at the last sync is not read again.

    Raises:
        Misconfigured: the URL is refused.
        Unavailable: the server does not answer, so that it cannot be told what is there.
    """
    try:
        fetched = _fetched(Entry(location, ""), _ANY, reading)
    except Unfetched as error:
        if error.refused:
            raise Misconfigured(f"{location}: {error}") from None
        if error.keep:
            raise Unavailable(f"{location}: {error}") from None
        yield Skipped(location, str(error))
        return
    if fetched is None or not _is_sitemap(fetched):
        yield from _documents(fetched, Entry(location, ""), reading)
        return
    found = sorted(_pages(fetched, reading.fetcher), key=_address)
    for page in found[:MOST_PAGES]:
        if isinstance(page, Skipped):
            yield page
            continue
        try:
            fetched = _fetched(page, frozenset(MEDIA_TYPES), reading)
        except Unfetched as error:
            yield Skipped(page.url, str(error), error.keep)
        else:
            yield from _documents(fetched, page, reading)
    if len(found) > MOST_PAGES:
        yield Skipped(location, f"it lists {len(found)} pages, and only the first {MOST_PAGES} are read")


def read_page(url: str, reading: Reading) -> Iterator[Document | Skipped | Unchanged]:
    """Read one page or file by its URL, and nothing that it leads to: a sitemap is none.

    Raises:
        Unfetched: with the reason.
    """
    fetched = _fetched(Entry(url, ""), frozenset(MEDIA_TYPES), reading)
    yield from _documents(fetched, Entry(url, ""), reading)


def _fetched(page: Entry, media_types: Collection[str], reading: Reading) -> Fetched | None:
    """What is at a page; None where it is as it was.

    Raises:
        Unfetched: with the reason.
    """
    return reading.fetcher.fetch_changed(page.url, media_types, reading.revisits.validators(page))


def _address(page: Entry | Skipped) -> str:
    return page.url if isinstance(page, Entry) else page.path


def _is_sitemap(fetched: Fetched) -> bool:
    return fetched.media_type in sitemap.MEDIA_TYPES and _member(fetched) is None


def _pages(fetched: Fetched, fetcher: Fetcher) -> Iterator[Entry | Skipped]:
    """The pages of a sitemap and of those that it leads to, each once."""
    host = urlsplit(fetched.url).hostname
    waiting = [Entry(fetched.url, "")]
    known: set[str] = set()
    for number, entry in enumerate(waiting):
        try:
            if number:
                fetched = fetcher.fetch(entry.url, sitemap.MEDIA_TYPES)
            found = sitemap.parse(fetched.data)
        except Unfetched as error:
            if error.keep:  # else its pages would count as gone
                raise Unavailable(f"{entry.url}: {error}") from None
            yield Skipped(entry.url, str(error))
            continue
        except UnreadableError as error:
            yield Skipped(entry.url, str(error))
            continue
        if not number:
            waiting.extend(found.sitemaps[:MOST_SITEMAPS])
        for page in found.pages:
            url = urldefrag(page.url).url
            if url in known:
                continue
            known.add(url)
            if urlsplit(url).hostname != host:
                yield Skipped(url, "it lies on another host than its sitemap")
            else:
                yield Entry(url, page.date)


def _documents(
    fetched: Fetched | None, page: Entry, reading: Reading
) -> Iterator[Document | Skipped | Unchanged]:
    if fetched is None:
        yield from reading.revisits.unchanged(page)
        return
    member = _member(fetched)
    if member is None:
        yield Skipped(page.url, f"what is there is of the type {fetched.media_type}, which is not read")
        return
    try:
        found = reading.parser.parse(member, _unicode(fetched))
    except UnreadableError as error:
        yield Skipped(page.url, str(error), error.keep)
    else:
        reading.revisits.fetched(page, fetched.validators)
        origin = Origin(page.url, reading.source_id, fetched.url, reading.readers, date=page.date)
        yield from documents(found, origin)


def _member(fetched: Fetched) -> str | None:
    """Which loader reads an answer: by its type, where that says something, and else by the URL's suffix."""
    suffix = SUFFIXES.get(PurePosixPath(urlsplit(fetched.url).path).suffix.lower())
    if fetched.media_type in ("text/plain", "application/octet-stream"):
        return suffix or MEDIA_TYPES.get(fetched.media_type)
    return MEDIA_TYPES.get(fetched.media_type)


def _unicode(fetched: Fetched) -> bytes:
    """An answer as UTF-8 where its header says that it is text in another encoding."""
    if not fetched.media_type.startswith("text/") or fetched.charset in ("", "utf-8"):
        return fetched.data
    try:
        return fetched.data.decode(fetched.charset).encode()
    except (LookupError, UnicodeError):
        return fetched.data
