"""Sources: folders, files, web pages and sitemaps, read as documents."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from core.documents import Document
from core.errors import Misconfigured
from core.messages import EVERYONE
from retrieval.loaders import Skipped, Unchanged
from retrieval.sources import folder, web
from retrieval.sources.fetcher import Fetcher, FetcherSettings
from retrieval.sources.parser import Parser, ParserSettings
from retrieval.sources.revisits import Revisits


def is_url(location: str | Path) -> bool:
    """Whether a location is on the web."""
    return isinstance(location, str) and location.casefold().startswith(("http://", "https://"))


def read_source(
    location: str | Path,
    source_id: str,
    readers: Sequence[str] = (EVERYONE,),
    revisits: Revisits | None = None,
) -> Iterator[Document | Skipped | Unchanged]:
    """Read all documents of a folder, in the order of their paths, of one file, web page or sitemap.

    Args:
        location: the folder or file, or the URL.
        source_id: the source that the documents belong to.
        readers: groups that may read them, unless a readers file or a record names others.
        revisits: what is known of the pages of a source on the web; None to fetch them all.

    Raises:
        Misconfigured: nothing is there, or the folder cannot be listed, or the URL is refused.
        Unavailable: the web server does not answer.
    """
    with Parser(ParserSettings()) as parser:
        if is_url(location):
            with Fetcher(FetcherSettings()) as fetcher:
                reading = web.Reading(source_id, tuple(readers), parser, fetcher, revisits or Revisits())
                yield from web.read(str(location), reading)
        else:
            yield from folder.read(_absolute(location), source_id, tuple(readers), parser)


def count(location: str | Path) -> int | None:
    """About how many documents `read_source` will find; None where only reading them can tell.

    Raises:
        Misconfigured: the folder cannot be listed.
    """
    return None if is_url(location) else folder.count(_absolute(location))


def _absolute(location: str | Path) -> Path:
    try:
        return Path(location).expanduser().absolute()
    except RuntimeError:
        raise Misconfigured(f"{location}: there is no such user") from None
