"""One page of the web, read when it is asked for."""

import json
from collections.abc import Iterator

import pytest

from core.tools import ToolResult
from retrieval.sources.fetcher import FetcherSettings
from tests.retrieval.sources.site import Page, Site, article
from tests.workers.tools.calls import call
from workers.tools.read_page import PageSettings, ReadPage

KEY = "ghp_" + "a1B2" * 9
PAGES = {
    "/boiler": article(
        "The boiler", "It is serviced each May by the caretaker of the house, who has the key."
    ),
    "/secret": article("Keys", f"The token of the house is {KEY}, and it hangs\u200b in the\u202e hall."),
    "/moved": Page(status=302, headers={"Location": "/boiler"}),
    "/away": Page(status=302, headers={"Location": "http://elsewhere.example/steal"}),
    "/zip": Page(b"PK", media_type="application/zip"),
    "/sitemap.xml": Page(
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://x/</loc></url></urlset>',
        media_type="application/xml",
    ),
}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site(PAGES) as made:
        yield made


def read(site: Site, path: str, hosts: str = "127.0.0.1") -> ToolResult:
    tool = ReadPage(PageSettings(read_page_hosts=hosts), FetcherSettings(ingest_allow_private_urls=True))
    return call(tool, json.dumps({"url": path if "://" in path else f"{site.url}{path}"}))


def test_a_page_comes_as_passages_that_can_be_cited(site: Site) -> None:
    result = read(site, "/boiler")
    assert not result.failed, result.text
    (passage,) = result.passages
    assert "serviced each May" in passage.chunk.text
    assert passage.chunk.link == f"{site.url}/boiler"
    assert passage.chunk.title == "The boiler"


def test_a_redirect_within_the_hosts_is_followed(site: Site) -> None:
    assert "serviced each May" in read(site, "/moved").passages[0].chunk.text


@pytest.mark.parametrize("hosts", ["docs.example.com", ".0.0.1.example", "27.0.0.1"])
def test_a_host_that_is_not_listed_is_not_asked(site: Site, hosts: str) -> None:
    asked = len(site.asked)
    result = read(site, "/boiler", hosts)
    assert result.failed
    assert "not among the hosts" in result.text
    assert len(site.asked) == asked


def test_a_redirect_to_another_host_is_not_followed(site: Site) -> None:
    result = read(site, "/away")
    assert result.failed
    assert "elsewhere.example is not among the hosts" in result.text


@pytest.mark.parametrize("path", ["/zip", "/nowhere", "/sitemap.xml", "http://user:pass@127.0.0.1/boiler"])
def test_what_is_no_page_is_told(site: Site, path: str) -> None:
    result = read(site, path)
    assert result.failed
    assert result.text.startswith("The page cannot be read: ")


def test_a_page_is_without_secrets_and_hidden_characters(site: Site) -> None:
    text = read(site, "/secret").passages[0].chunk.text
    assert KEY not in text
    assert "[secret: GitHub" in text
    assert "\u202e" not in text


def test_private_addresses_are_not_read_unless_the_settings_allow_it(site: Site) -> None:
    tool = ReadPage(PageSettings(read_page_hosts="127.0.0.1"), FetcherSettings())
    result = call(tool, json.dumps({"url": f"{site.url}/boiler"}))
    assert result.failed


@pytest.mark.parametrize(
    ("host", "allowed"),
    [("docs.example.com", True), ("a.wiki.org", True), ("wiki.org", False), ("evilwiki.org", False)],
)
def test_a_dot_before_a_host_means_what_is_below_it(host: str, allowed: bool) -> None:
    assert PageSettings(read_page_hosts="docs.example.com, .wiki.org").may_read(host) is allowed
