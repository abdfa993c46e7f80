from pathlib import Path

from tests.cli.candor import Candor
from tests.retrieval.sources.site import Page, Site, article

PASS = "To get a parking pass, ask the front desk. A parking pass is valid for one day."


def test_a_site_is_ingested_by_its_sitemap_and_followed(fresh: Candor, handbook: Path) -> None:
    allowed = fresh.set(ingest_allow_private_urls="true")
    with Site(
        {"/parking": article("Parking", PASS), "/gone": article("Gone", "The bicycle room is closed.")}
    ) as site:
        entries = "".join(f"<url><loc>{site.url}/{path}</loc></url>" for path in ("parking", "gone"))
        site.pages["/sitemap.xml"] = Page(f"<urlset>{entries}</urlset>".encode(), "application/xml")
        report = allowed.done("ingest", f"{site.url}/sitemap.xml", "--every", "6h")
        assert "2 found, 2 indexed" in report
        answer = allowed.object("ask", "How do I get a parking pass?")
        assert answer["citations"][0]["source"] == f"{site.url}/parking"
        site.pages["/parking"] = article("Parking", PASS.replace("one day", "two days"))
        del site.pages["/gone"]
        report = allowed.done("sources", "sync")
        assert "2 found, 1 indexed, 0 unchanged, 1 deleted, 1 skipped" in report
        assert f"skipped {site.url}/gone: the server says 404; what was indexed of it before goes" in report
        assert "every 360 min" in allowed.done("sources", "list")


def test_a_private_address_is_refused_and_becomes_no_source(fresh: Candor) -> None:
    with Site({"/": article("Secret", "Secret.")}) as site:
        assert "CANDOR_INGEST_ALLOW_PRIVATE_URLS" in fresh.refused("ingest", site.url)
        assert "CANDOR_INGEST_ALLOW_PRIVATE_URLS" in fresh.refused("ingest", "http://2130706433/")
        assert site.asked == []
    assert "candor ingest PATH" in fresh.done("sources", "list")


def test_one_source_that_fails_does_not_stop_the_rest(fresh: Candor, handbook: Path) -> None:
    ended = fresh.run("ingest", "http://127.0.0.1/", str(handbook))
    assert ended.code == 1
    assert "no public address" in ended.err
    assert ended.err.count("\n") == 1
    assert "4 found, 4 indexed" in ended.out


def test_a_schedule_that_is_no_time_is_wrong_usage(candor: Candor, handbook: Path) -> None:
    ended = candor.run("ingest", str(handbook), "--every", "often")
    assert ended.code == 2
    assert "write 30m, 6h, 1d or never" in ended.err
