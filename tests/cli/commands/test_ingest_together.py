"""Ingesting by several processes at once, killed in the middle, and watched on a screen."""

import os
import pty
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.candor import COMMAND, Candor, eventually
from tests.retrieval.sources.site import Page, Site


class SlowSite:
    """Three pages of which the last one waits in the middle until it is let go."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.go_on = threading.Event()
        self.sitemap = f"{site.url}/sitemap.xml"
        names = ("attic", "cellar", "yard")
        entries = "".join(f"<url><loc>{site.url}/{name}</loc></url>" for name in names)
        site.pages["/sitemap.xml"] = Page(f"<urlset>{entries}</urlset>".encode(), "application/xml")
        for name in names:
            site.pages[f"/{name}"] = Page(f"The {name} is dry.".encode(), "text/plain")
        self.whole = site.pages["/yard"]
        site.pages["/yard"] = Page(self._waiting(), "text/plain")

    def _waiting(self) -> Iterator[bytes]:
        yield b"The yard "
        self.go_on.wait(19)  # the longest that a page may take is 20 s
        yield b"is dry."

    def is_at_the_last(self) -> bool:
        return "/yard" in self.site.paths


@pytest.fixture
def slow() -> Iterator[SlowSite]:
    with Site({}) as site:
        slow = SlowSite(site)
        yield slow
        slow.go_on.set()


@pytest.fixture
def allowed(fresh: Candor) -> Candor:
    return fresh.set(ingest_allow_private_urls="true", lease_seconds="5")


def test_the_second_of_two_processes_leaves_a_source_to_the_first(allowed: Candor, slow: SlowSite) -> None:
    with allowed.running("ingest", slow.sitemap) as first:
        eventually(slow.is_at_the_last)
        said = allowed.refused("sources", "sync")
        assert f"{slow.sitemap}: not synced, since another process is syncing it just now" in said
        assert "another process is syncing it" in allowed.refused("sources", "remove", slow.sitemap)
        slow.go_on.set()
        out, err = first.communicate(timeout=30)
        assert (first.returncode, err) == (0, "")
        assert "3 found, 3 indexed" in out
    slow.site.pages["/yard"] = slow.whole
    assert "3 found, 0 indexed, 3 unchanged" in allowed.done("sources", "sync")


def test_two_processes_ingest_two_sources_at_once(fresh: Candor, tmp_path: Path) -> None:
    for name in ("north", "south"):
        folder = tmp_path / name
        folder.mkdir()
        for number in range(30):
            (folder / f"{number}.txt").write_text(f"Room {number} of the {name} wing has a key.\n")
    with (
        fresh.running("ingest", str(tmp_path / "north")) as north,
        fresh.running("ingest", str(tmp_path / "south"), err=tmp_path / "complaints") as south,
    ):
        reports = [each.communicate(timeout=60)[0] for each in (north, south)]
    assert (north.returncode, south.returncode) == (0, 0), (tmp_path / "complaints").read_text()
    assert all("30 found, 30 indexed" in report for report in reports)
    assert fresh.done("sources", "sync").count("30 found, 0 indexed, 30 unchanged, 0 deleted") == 2
    found = fresh.object("search", "room key wing", "--top", "100")
    assert len({row["source"] for row in found}) == 60


def test_what_was_killed_in_the_middle_is_finished_by_the_next_run(allowed: Candor, slow: SlowSite) -> None:
    with allowed.running("ingest", slow.sitemap) as killed:
        eventually(slow.is_at_the_last)
        killed.kill()
        killed.wait(10)
    slow.go_on.set()
    slow.site.pages["/yard"] = slow.whole
    assert "3 found" in allowed.done("ingest", slow.sitemap)
    assert "3 found, 0 indexed, 3 unchanged, 0 deleted, 0 skipped; 3 chunks" in allowed.done(
        "sources", "sync"
    )
    assert len(allowed.object("search", "dry")) == 3


def test_a_bar_on_the_screen_shows_how_far_it_is(allowed: Candor, slow: SlowSite) -> None:
    screen, terminal = pty.openpty()
    with subprocess.Popen(
        [COMMAND, "ingest", slow.sitemap],
        stdout=subprocess.PIPE,
        stderr=terminal,
        cwd=allowed.folder,
        env={**allowed._environment, "TERM": "xterm", "COLUMNS": "120"},
        text=True,
    ) as process:
        os.close(terminal)
        eventually(slow.is_at_the_last)
        shown = b""
        deadline = time.monotonic() + 20
        while b"2/?" not in shown and time.monotonic() < deadline:
            shown += os.read(screen, 4096)
        slow.go_on.set()
        threading.Thread(target=_drain, args=(screen,), daemon=True).start()
        out, _ = process.communicate(timeout=30)
    assert b"sitemap.xml" in shown
    assert b"2/?" in shown
    assert "3 found, 3 indexed" in out


def _drain(screen: int) -> None:
    """Read what is still drawn, so that nothing waits for room on the screen."""
    try:
        while os.read(screen, 4096):
            pass
    except OSError:  # the other side is closed
        os.close(screen)
