"""Syncs of sources on the web: what has not changed is not fetched, and the index is as if it were."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.sources import Source
from retrieval.sources import revisits
from tests.retrieval.sources.site import Page, Site, article
from tests.retrieval.sources.test_web import a_map
from tests.workers.syncing import Syncing

COPY = " ".join(f"The key of room {word} hangs on the board." for word in ("one", "two", "three", "four"))
TEXTS = (
    COPY,
    COPY.replace("hangs", "lies"),
    COPY + " It is red.",
    "The yard is closed in winter.",
    f"# Rooms\n\n{COPY}",
)


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_INGEST_ALLOW_PRIVATE_URLS", "true")


@pytest.fixture
def syncing(tmp_path: Path) -> Iterator[Syncing]:
    syncing = Syncing(tmp_path / "home")
    yield syncing
    syncing.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site({}) as site:
        yield site


def put(site: Site, **pages: str) -> None:
    """Have these pages and no others, each with an ETag of what it says, and a sitemap of them."""
    site.pages.clear()
    for name, text in pages.items():
        site.pages[f"/{name}"] = Page(text.encode(), "text/plain", headers={"ETag": f'"{hash(text)}"'})
    site.pages["/sitemap.xml"] = a_map(*(f"{site.url}/{name}" for name in pages))


def mapped(site: Site, syncing: Syncing, *readers: str) -> Source:
    return syncing.sources.add(f"{site.url}/sitemap.xml", readers or ("everyone",))


def test_what_has_not_changed_is_not_fetched_what_has_is_found_and_what_is_gone_goes(
    site: Site, syncing: Syncing
) -> None:
    put(site, a=TEXTS[0], b=TEXTS[3], c="Snow is cleared before seven.")
    source = mapped(site, syncing)
    assert syncing.sync(source).indexed == 3
    first = syncing.sources.find(source.id)
    coverage = syncing.sync(source)
    assert site.spared == ["/a", "/b", "/c"]
    assert (coverage.found, coverage.unchanged, coverage.indexed, coverage.chunks) == (3, 3, 0, 3)
    again = syncing.sources.find(source.id)
    assert first is not None
    assert again is not None
    assert again.examples == first.examples

    site.spared.clear()
    put(site, a=TEXTS[0], b="The yard is open.")
    coverage = syncing.sync(source)
    assert site.spared == ["/a"]
    assert (coverage.unchanged, coverage.indexed, coverage.deleted) == (1, 1, 1)
    assert {name: text for name, (text, _) in syncing.held.items()} == {
        f"{site.url}/a": TEXTS[0],
        f"{site.url}/b": "The yard is open.",
    }


def test_a_single_page_is_asked_for_like_those_of_a_sitemap(site: Site, syncing: Syncing) -> None:
    site.pages["/"] = Page(TEXTS[3].encode(), "text/plain", headers={"ETag": '"v1"'})
    source = syncing.sources.add(f"{site.url}/", ("everyone",))
    assert syncing.sync(source).indexed == 1
    assert syncing.sync(source).unchanged == 1
    assert site.spared == ["/"]
    del site.pages["/"]
    assert syncing.sync(source).deleted == 1


def test_records_of_a_table_stay_when_it_has_not_changed(site: Site, syncing: Syncing) -> None:
    table = Page(b"id,room\n1,north\n2,south\n", "text/csv", headers={"ETag": '"v1"'})
    site.pages["/rooms.csv"] = table
    source = syncing.sources.add(f"{site.url}/rooms.csv", ("everyone",))
    assert syncing.sync(source).indexed == 2
    points = syncing.points
    assert syncing.sync(source).unchanged == 2
    assert site.spared == ["/rooms.csv"]
    assert syncing.points == points


def test_new_readers_reach_pages_that_have_not_changed(site: Site, syncing: Syncing) -> None:
    put(site, a=TEXTS[0])
    syncing.sync(mapped(site, syncing))
    assert syncing.sync(mapped(site, syncing, "staff")).indexed == 1
    assert [readers for _, readers in syncing.held.values()] == [("staff",)]
    assert site.spared == []


def test_an_index_that_was_lost_is_filled_again(site: Site, syncing: Syncing) -> None:
    put(site, a=TEXTS[0], b=TEXTS[3])
    source = mapped(site, syncing)
    syncing.sync(source)
    syncing.store.drop()
    assert syncing.sync(source).indexed == 2
    assert site.spared == []


def test_a_server_that_calls_everything_unchanged_is_not_believed_for_ever(
    site: Site, syncing: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site, a=TEXTS[0])
    source = mapped(site, syncing)
    syncing.sync(source)
    tag = site.pages["/a"].headers
    site.pages["/a"] = Page(b"The yard is open.", "text/plain", headers=tag)
    assert syncing.sync(source).unchanged == 1
    monkeypatch.setattr(revisits, "BELIEVED_SECONDS", 0.0)
    assert syncing.sync(source).indexed == 1


def test_a_later_day_in_the_sitemap_counts_for_more_than_a_validator(site: Site, syncing: Syncing) -> None:
    put(site, a=TEXTS[0])
    source = mapped(site, syncing)
    site.pages["/sitemap.xml"] = a_map(f"{site.url}/a", day="2025-03-01")
    syncing.sync(source)
    tag = site.pages["/a"].headers
    site.pages["/a"] = Page(b"The yard is open.", "text/plain", headers=tag)
    site.pages["/sitemap.xml"] = a_map(f"{site.url}/a", day="2025-03-02")
    assert syncing.sync(source).indexed == 1
    assert site.spared == []


def test_servers_without_validators_are_fetched_whole_each_time(site: Site, syncing: Syncing) -> None:
    site.pages["/"] = article("Yard", TEXTS[3])
    source = syncing.sources.add(f"{site.url}/", ("everyone",))
    syncing.sync(source)
    assert syncing.sync(source).unchanged == 1
    assert (site.paths, site.spared) == (["/", "/"], [])


PAGES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(TEXTS), min_size=1)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(states=st.lists(PAGES, min_size=2, max_size=4))
def test_after_any_changes_the_index_is_as_if_everything_had_been_fetched(
    states: list[dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Site({}) as site:
        followed, fresh = (Syncing(tmp_path_factory.mktemp("home")) for _ in range(2))
        try:
            for pages in states:
                put(site, **pages)
                coverage = followed.sync(mapped(site, followed))
            expected = fresh.sync(mapped(site, fresh))
            assert followed.points == fresh.points
            assert (coverage.found, coverage.chunks) == (expected.found, expected.chunks)
            assert [each.path for each in coverage.skipped] == [each.path for each in expected.skipped]
        finally:
            followed.close()
            fresh.close()
