"""Web pages and sitemaps as sources."""

import gzip
from collections.abc import Iterator

import pytest

from core.documents import Document
from core.errors import Misconfigured, Unavailable
from retrieval.loaders import Skipped, Unchanged, UnreadableError
from retrieval.sources import sitemap, web
from retrieval.sources.fetcher import Fetcher, FetcherSettings
from retrieval.sources.parser import Parser, ParserSettings
from retrieval.sources.revisits import Revisits
from retrieval.sources.sitemap import Entry
from tests.retrieval import papers
from tests.retrieval.sources.site import Page, Site, article

YARD = "The north yard is closed in winter, and the keys lie with the caretaker until March."


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(ParserSettings()) as parser:
        yield parser


def read(location: str, parser: Parser, *, allowed: bool = True) -> list[Document | Skipped | Unchanged]:
    with Fetcher(FetcherSettings(ingest_allow_private_urls=allowed)) as fetcher:
        return list(web.read(location, web.Reading("s", ("staff",), parser, fetcher, Revisits())))


def a_map(*urls: str, tag: str = "urlset", day: str = "") -> Page:
    entry = "url" if tag == "urlset" else "sitemap"
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    entries = "".join(f"<{entry}><loc>{url}</loc>{changed}</{entry}>" for url in urls)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'<?xml version="1.0" encoding="UTF-8"?><{tag} xmlns="{space}">{entries}</{tag}>'
    return Page(text.encode(), "application/xml")


def test_a_page_is_a_document_that_links_to_where_it_is(parser: Parser) -> None:
    moved = Page(status=301, headers={"Location": "/yard"})
    with Site({"/old": moved, "/yard": article("The yard", YARD)}) as site:
        (document,) = read(f"{site.url}/old", parser)
        assert isinstance(document, Document)
        assert (document.id, document.link) == (f"{site.url}/old", f"{site.url}/yard")
    assert (document.title, document.readers, document.language) == ("The yard", ("staff",), "en")
    assert YARD in document.text
    assert "Menu" not in document.text


@pytest.mark.parametrize(
    ("path", "page", "words"),
    [
        ("/a.pdf", Page(papers.pdf(YARD), "application/pdf"), YARD),
        ("/a.md", Page(f"# Yard\n\n{YARD}".encode(), "text/plain"), YARD),
        ("/a.docx", Page(papers.word(), "application/octet-stream"), papers.SNOW),
        ("/a.txt", Page("Größe".encode("latin-1"), "text/plain; charset=iso-8859-1"), "Größe"),
    ],
)
def test_a_file_is_read_by_its_type_or_its_suffix(path: str, page: Page, words: str, parser: Parser) -> None:
    with Site({path: page}) as site:
        (document,) = read(site.url + path, parser)
    assert isinstance(document, Document)
    assert words in document.text


def test_all_pages_of_a_sitemap_on_its_host_are_read_in_the_order_of_their_urls(parser: Parser) -> None:
    with Site({"/b": article("B", YARD), "/a": article("A", f"Another. {YARD}")}) as site:
        urls = [f"{site.url}/{path}" for path in ("b", "a#part", "a", "gone")]
        site.pages["/sitemap.xml"] = a_map(
            *urls, "https://other.example.org/", day="2025-03-01T10:00:00+01:00"
        )
        found = read(f"{site.url}/sitemap.xml", parser)
        assert sorted(site.paths) == ["/a", "/b", "/gone", "/sitemap.xml"]
        documents = [item for item in found if isinstance(item, Document)]
        assert [document.id for document in documents] == [f"{site.url}/a", f"{site.url}/b"]
        assert {document.date for document in documents} == {"2025-03-01"}
        assert [item for item in found if isinstance(item, Skipped)] == [
            Skipped(f"{site.url}/gone", "the server says 404"),
            Skipped("https://other.example.org/", "it lies on another host than its sitemap"),
        ]


def test_a_sitemap_index_leads_to_further_sitemaps(parser: Parser) -> None:
    with Site({"/a": article("A", YARD)}) as site:
        packed = Page(gzip.compress(bytes(a_map(f"{site.url}/a").body)), "application/gzip")  # type: ignore[arg-type]
        site.pages["/one.xml.gz"] = packed
        site.pages["/two.xml"] = Page(b"<html/>", "text/xml")
        site.pages["/index.xml"] = a_map(f"{site.url}/one.xml.gz", f"{site.url}/two.xml", tag="sitemapindex")
        found = read(f"{site.url}/index.xml", parser)
        assert [item.id for item in found if isinstance(item, Document)] == [f"{site.url}/a"]
        assert [item.reason for item in found if isinstance(item, Skipped)] == [
            "it is no sitemap, but <html>"
        ]


def test_a_page_that_is_gone_is_skipped_and_one_that_fails_is_kept(parser: Parser) -> None:
    with Site({"/broken": Page(status=503)}) as site:
        site.pages["/sitemap.xml"] = a_map(f"{site.url}/broken", f"{site.url}/gone")
        broken, gone = read(f"{site.url}/sitemap.xml", parser)
        assert isinstance(broken, Skipped)
        assert isinstance(gone, Skipped)
        assert (broken.keep, gone.keep) == (True, False)
        assert [type(item) for item in read(f"{site.url}/gone", parser)] == [Skipped]
        with pytest.raises(Unavailable, match="the server says 503"):
            read(f"{site.url}/broken", parser)


def test_a_sitemap_that_cannot_be_had_in_full_changes_nothing(parser: Parser) -> None:
    with Site({"/one.xml": Page(status=500)}) as site:
        site.pages["/index.xml"] = a_map(f"{site.url}/one.xml", tag="sitemapindex")
        with pytest.raises(Unavailable, match=r"one\.xml: the server says 500"):
            read(f"{site.url}/index.xml", parser)


def test_a_refused_location_names_the_setting(parser: Parser) -> None:
    with Site({"/": article("Secret", YARD)}) as site:
        with pytest.raises(Misconfigured, match="CANDOR_INGEST_ALLOW_PRIVATE_URLS"):
            read(f"{site.url}/", parser, allowed=False)
        with pytest.raises(Misconfigured, match=r"127\.0\.0\.1 is 127\.0\.0\.1, which is no public address"):
            read("http://127.0.0.1/", parser, allowed=False)
        assert site.asked == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "its XML is broken"),
        (b"<urlset><url>", "its XML is broken"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><urlset>&a;</urlset>', "has a DTD"),
        (b"<rss></rss>", "it is no sitemap, but <rss>"),
        (b"\x1f\x8bbroken", "cannot be unpacked"),
        (gzip.compress(bytes(51 * 2**20)), "unpack to more than 50 MB"),
    ],
    ids=["empty", "cut off", "entities", "other", "broken gzip", "bomb"],
)
def test_a_bad_sitemap_has_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        sitemap.parse(data)


def test_an_entry_has_the_day_of_its_last_change() -> None:
    text = b"<urlset><url><lastmod>2025-03</lastmod><loc> https://a.org/ </loc></url><url/></urlset>"
    assert sitemap.parse(text).pages == (Entry("https://a.org/", ""),)
