"""Sitemaps: lists of a site's pages (https://www.sitemaps.org/protocol.html)."""

import zlib
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from retrieval.loaders import UnreadableError
from retrieval.loaders._values import day

LARGEST = 50 * 1024 * 1024
"""Bytes of a sitemap, unpacked: the most that the protocol allows."""

MEDIA_TYPES = frozenset(
    {"application/xml", "text/xml", "application/gzip", "application/x-gzip", "application/octet-stream"}
)

_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = zlib.MAX_WBITS | 16


@dataclass(frozen=True, slots=True)
class Entry:
    """A page, or another sitemap, and the day of its last change or nothing."""

    url: str
    date: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages that a sitemap lists, and further sitemaps."""

    pages: tuple[Entry, ...]
    sitemaps: tuple[Entry, ...]


def parse(data: bytes) -> Sitemap:
    """Read a sitemap or a sitemap index, plain or packed with gzip.

    Raises:
        UnreadableError: it is neither.
    """
    try:
        root = fromstring(_unpacked(data), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        raise UnreadableError("it is no sitemap: its XML is broken or has a DTD") from None
    kind = _local(root)
    if kind not in ("urlset", "sitemapindex"):
        raise UnreadableError(f"it is no sitemap, but <{kind}>")
    entries = tuple(filter(None, map(_entry, root)))
    return Sitemap(entries, ()) if kind == "urlset" else Sitemap((), entries)


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = unpacker.decompress(data, LARGEST)
    except zlib.error:
        raise UnreadableError("it is no sitemap: it cannot be unpacked") from None
    if unpacker.unconsumed_tail:
        raise UnreadableError(f"it would unpack to more than {LARGEST // 2**20} MB")
    return plain


def _entry(element: Element) -> Entry | None:
    values = {_local(child): (child.text or "").strip() for child in element}
    return Entry(values["loc"], day(values.get("lastmod", ""))) if values.get("loc") else None


def _local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
