"""Sources: folders, files, web pages, sitemaps and channels, read as documents."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from core.documents import Document
from core.errors import Misconfigured
from core.messages import EVERYONE
from core.transcripts import Channels
from retrieval.loaders import Skipped, Unchanged
from retrieval.sources import channel, folder, web
from retrieval.sources.fetcher import Fetcher, FetcherSettings
from retrieval.sources.parser import Parser, ParserSettings
from retrieval.sources.revisits import Revisits

NO_CHANNELS: Mapping[str, Channels] = MappingProxyType({})
"""What is read where no chat platform is connected."""

_CHANNEL = re.compile(r"[a-z]{2,20}:(?!//)[^\s]")


def is_url(location: str | Path) -> bool:
    """Whether a location is on the web."""
    return isinstance(location, str) and location.casefold().startswith(("http://", "https://"))


def is_channel(location: str | Path) -> bool:
    """Whether a location is a chat platform's channel, such as `slack:general`."""
    return isinstance(location, str) and _CHANNEL.match(location) is not None


def read_source(
    location: str | Path,
    source_id: str,
    readers: Sequence[str] = (EVERYONE,),
    revisits: Revisits | None = None,
    channels: Mapping[str, Channels] = NO_CHANNELS,
) -> Iterator[Document | Skipped | Unchanged]:
    """Read all documents of a folder, in the order of their paths, of one file, page, sitemap or channel.

    Args:
        location: the folder or file, or the URL.
        source_id: the source that the documents belong to.
        readers: groups that may read them, unless a readers file or a record names others. Who may read a
            channel is its platform's to say.
        revisits: what is known of the pages of a source on the web; None to fetch them all.
        channels: the chat platforms that can be read, by name.

    Raises:
        Misconfigured: nothing is there, or the folder cannot be listed, or the URL is refused.
        Unavailable: the web server does not answer.
    """
    if is_channel(location):
        yield from channel.read(str(location), source_id, channels)
        return
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
    return None if is_url(location) or is_channel(location) else folder.count(_absolute(location))


def _absolute(location: str | Path) -> Path:
    try:
        return Path(location).expanduser().absolute()
    except RuntimeError:
        raise Misconfigured(f"{location}: there is no such user") from None
