"""The fetcher: what it gets, and what it never connects to."""

import gzip
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from email.utils import formatdate

import httpx
import pytest

from retrieval.sources.fetcher import LARGEST_ANSWER, Fetcher, FetcherSettings, Unfetched
from retrieval.sources.validators import told
from tests.retrieval.sources.site import Page, Site, article

TYPES = frozenset({"text/html"})
ALLOWED = FetcherSettings(ingest_allow_private_urls=True)
STRICT = FetcherSettings()


def unfetched(fetcher: Fetcher, url: str) -> Unfetched:
    with fetcher, pytest.raises(Unfetched) as caught:
        fetcher.fetch(url, TYPES)
    return caught.value


def test_a_page_comes_with_its_type_and_its_last_url() -> None:
    pages = {
        "/old": Page(status=302, headers={"Location": "/new?a=1", "Set-Cookie": "a=1"}),
        "/new?a=1": article("Yard", "Words."),
    }
    with Site(pages) as site, Fetcher(ALLOWED) as fetcher:
        fetched = fetcher.fetch(f"{site.url}/old", TYPES)
        assert (fetched.url, fetched.media_type, fetched.charset) == (
            f"{site.url}/new?a=1",
            "text/html",
            "utf-8",
        )
        assert b"Yard" in fetched.data
        (_, first), (_, second) = site.asked
    assert first["Host"] == f"127.0.0.1:{site.port}"
    assert "Cookie" not in second


def test_a_packed_answer_is_unpacked() -> None:
    packed = Page(gzip.compress(b"<p>Yard</p>"), headers={"Content-Encoding": "gzip"})
    with Site({"/": packed}) as site, Fetcher(ALLOWED) as fetcher:
        assert fetcher.fetch(site.url, TYPES).data == b"<p>Yard</p>"


@pytest.mark.parametrize(
    ("page", "reason", "keep"),
    [
        (Page(status=404), "the server says 404", False),
        (Page(status=403), "the server says 403", False),
        (Page(status=500), "the server says 500", True),
        (Page(status=429), "the server says 429", True),
        (Page(b"x", "image/png"), "of the type image/png, which is not read", False),
        (Page(b"x", ""), "of the type unknown, which is not read", False),
        (Page(status=302, headers={"Location": "/"}), "it redirects more than 5 times", False),
        (Page([b"x" * 2**20] * 21), "it is larger than 20 MB", False),
        (
            Page(gzip.compress(bytes(LARGEST_ANSWER + 1)), headers={"Content-Encoding": "gzip"}),
            "it is larger than 20 MB",
            False,
        ),
        (Page(b"no gzip", headers={"Content-Encoding": "gzip"}), "breaks off or is broken", True),
        (Page(b"x", headers={"Content-Length": "9"}), "breaks off or is broken", True),
    ],
)
def test_what_cannot_be_had_has_its_reason(page: Page, reason: str, keep: bool) -> None:
    with Site({"/": page}) as site:
        error = unfetched(Fetcher(ALLOWED), f"{site.url}/")
    assert reason in str(error)
    assert (error.keep, error.refused) == (keep, False)


def test_a_server_that_drips_is_left_in_time() -> None:
    with Site({"/": Page([b"x"] * 1000, pause=0.1)}) as site:
        started = time.monotonic()
        error = unfetched(Fetcher(ALLOWED, seconds=0.5), f"{site.url}/")
    assert time.monotonic() - started < 2
    assert "takes longer than 0.5 s" in str(error)
    assert error.keep


def test_a_server_that_is_not_there_may_come_again() -> None:
    with Site({}) as site:
        url = site.url
    error = unfetched(Fetcher(ALLOWED), url)
    assert "cannot be reached" in str(error)
    assert error.keep


def test_a_name_that_nobody_knows_may_be_known_again() -> None:
    error = unfetched(Fetcher(STRICT, resolve=unknown), "http://docs.example.org/")
    assert "the name docs.example.org is not known" in str(error)
    assert error.keep


def unknown(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "127.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
    ],
)
def test_no_way_to_write_loopback_is_connected_to(host: str) -> None:
    with Site({"/": article("Secret", "Secret.")}) as site:
        unfetched(Fetcher(STRICT, ports={site.port}), f"http://{host}:{site.port}/")
        assert site.asked == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254, which is no public address"),
        ("http://example.org:8080/", "port 8080 is not fetched from"),
        ("http://ana:secret@example.org/", "addresses with a password"),
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http:///nothing", "only http and https"),
        ("http://example.org:port/", "is no URL"),
    ],
)
def test_what_is_refused_is_not_even_asked_for(url: str, reason: str) -> None:
    error = unfetched(Fetcher(STRICT), url)
    assert reason in str(error)
    assert error.refused


def test_a_host_with_one_private_address_among_others_is_refused() -> None:
    fetcher = Fetcher(STRICT, resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.5"])
    assert "docs.example.org is 10.0.0.5" in str(unfetched(fetcher, "http://docs.example.org/"))


def test_the_address_that_was_checked_is_the_one_that_is_connected_to() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.5"], ["10.0.0.5"]])
    asked: list[str] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return next(answers)

    close = {"Connection": "close"}
    with Site({"/": Page(b"<p>Public</p>", headers=close)}) as site:
        url = f"http://docs.example.org:{site.port}/"
        # Loopback plays the public network here, so that there is something to connect to.
        fetcher = Fetcher(STRICT, resolve=rebinding, is_public=lambda a: a == "127.0.0.1", ports={site.port})
        assert fetcher.fetch(url, TYPES).data == b"<p>Public</p>"
        assert asked == ["docs.example.org"]
        assert site.asked[0][1]["Host"] == f"docs.example.org:{site.port}"
        assert "is 10.0.0.5, which is no public address" in str(unfetched(fetcher, url))
        assert len(site.asked) == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "//10.0.0.5/",
        "http://[::ffff:169.254.169.254]/",
        "http://2852039166/",
        "file:///etc/passwd",
        "http://user@127.0.0.1/",
        "gopher://127.0.0.1/",
    ],
)
def test_a_redirect_is_checked_like_a_first_address(target: str) -> None:
    with Site({"/": Page(status=301, headers={"Location": target})}) as site:
        fetcher = Fetcher(STRICT, is_public=lambda address: address == "127.0.0.1", ports={80, site.port})
        assert unfetched(fetcher, site.url).refused
        assert site.paths == ["/"]


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with Site({"/": article("Yard", "Words.")}) as site, Site({}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("all_proxy", proxy.url)
        with Fetcher(ALLOWED) as fetcher:
            assert fetcher.fetch(site.url, TYPES)
        assert proxy.asked == []


def test_a_name_that_is_looked_up_for_ever_is_given_up_in_time() -> None:
    ended = threading.Event()

    def forever(host: str, port: int) -> Sequence[str]:
        ended.wait()
        return []

    started = time.monotonic()
    fetcher = Fetcher(STRICT, resolve=forever, connect_seconds=0.3)
    error = unfetched(fetcher, "http://docs.example.org/")
    assert time.monotonic() - started < 2
    assert "the name docs.example.org is not looked up in time" in str(error)
    assert error.keep
    ended.set()


def test_a_lookup_that_hangs_does_not_keep_the_process() -> None:
    script = """
import threading
from retrieval.sources.fetcher import Fetcher, FetcherSettings, Unfetched
hang = lambda host, port: threading.Event().wait()
try:
    fetcher = Fetcher(FetcherSettings(), resolve=hang, connect_seconds=0.1)
    fetcher.fetch("http://docs.example.org/", ["text/html"])
except Unfetched as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    assert "is not looked up in time" in done.stdout


def test_an_address_that_does_not_answer_gives_way_to_the_next() -> None:
    with Site({"/": article("Yard", "Words.")}) as site, socket.socket() as full:
        full.bind(("127.0.0.2", site.port))  # nobody listens here
        fetcher = Fetcher(ALLOWED, resolve=lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        assert fetcher.fetch(f"http://docs.example.org:{site.port}/", TYPES)


OLD = {"Last-Modified": "Sat, 01 Mar 2025 10:00:00 GMT"}
TAG = {"ETag": '"v1"'}


@pytest.mark.parametrize("headers", [OLD, TAG, {**OLD, **TAG}, {"ETag": 'W/"v1"'}])
def test_a_version_that_is_known_is_not_sent_again(headers: dict[str, str]) -> None:
    with Site({"/": Page(b"<p>Yard</p>", headers=headers)}) as site, Fetcher(ALLOWED) as fetcher:
        known = fetcher.fetch(f"{site.url}/", TYPES).validators
        assert fetcher.fetch_changed(f"{site.url}/", TYPES, known) is None
        assert site.spared == ["/"]
        site.pages["/"] = Page(b"<p>Barn</p>", headers={"ETag": '"v2"'})
        changed = fetcher.fetch_changed(f"{site.url}/", TYPES, known)
        assert changed is not None
        assert changed.data == b"<p>Barn</p>"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"ETag": "no quotes"},
        {"ETag": '"a\x7fb"'},
        {"ETag": '"' + "x" * 500 + '"'},
        {"Last-Modified": "yesterday"},
        {"Last-Modified": "Sat, 99 Mar 2025 10:00:00 GMT"},
    ],
)
def test_what_no_server_should_say_of_a_version_is_not_relied_on(headers: dict[str, str]) -> None:
    with Site({"/": Page(b"<p>Yard</p>", headers=headers)}) as site, Fetcher(ALLOWED) as fetcher:
        assert not fetcher.fetch(f"{site.url}/", TYPES).validators


def test_a_change_in_the_second_of_the_answer_is_not_relied_on() -> None:
    moment = formatdate(usegmt=True)
    known = told("https://a.example/", httpx.Headers({"Last-Modified": moment, "Date": moment, **TAG}))
    assert (known.etag, known.modified) == ('"v1"', "")


def test_a_version_is_named_to_its_own_url_alone() -> None:
    moved = Page(status=302, headers={"Location": "/new", **TAG})
    with Site({"/": Page(b"<p>Yard</p>", headers=TAG)}) as site, Fetcher(ALLOWED) as fetcher:
        known = fetcher.fetch(f"{site.url}/", TYPES).validators
        site.pages |= {"/": moved, "/new": Page(b"<p>Barn</p>", headers=TAG)}
        there = fetcher.fetch_changed(f"{site.url}/", TYPES, known)
        assert there is not None
        assert there.data == b"<p>Barn</p>"
        assert "If-None-Match" not in site.asked[-1][1]


def test_a_server_that_calls_another_version_unchanged_is_asked_for_the_whole() -> None:
    with Site({"/": Page(b"<p>Yard</p>", headers=TAG)}) as site, Fetcher(ALLOWED) as fetcher:
        known = fetcher.fetch(f"{site.url}/", TYPES).validators
        site.pages["/"] = Page(status=304, headers={"ETag": '"v2"'})
        with pytest.raises(Unfetched, match="the server says 304"):
            fetcher.fetch_changed(f"{site.url}/", TYPES, known)
        assert ["If-None-Match" in headers for _, headers in site.asked] == [False, True, False]


def test_a_server_that_says_unchanged_without_being_asked_has_sent_nothing() -> None:
    with Site({"/": Page(status=304)}) as site:
        error = unfetched(Fetcher(ALLOWED), site.url)
    assert "the server says 304" in str(error)
    assert error.keep
