"""The live-rate service as its clients see it, in good days and bad ones."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.deadline import Deadline
from core.errors import Misconfigured
from tests.services.conftest import sources as sources  # noqa: PLC0414 - a fixture
from tests.services.files import STEADY, WEEKS
from tests.services.rates.kit import put_steady
from tests.services.upstream import Upstream
from tests.workers.rates.serving import TOKEN, service
from workers.failures import Down, Refused
from workers.rates.service import Health, LiveRates, SourceHealth
from workers.rates.settings import LiveRatesSettings
from workers.tasks.rates import due

NOW = datetime(2026, 9, 24, 18, tzinfo=UTC)


@pytest.fixture
def rates(sources: Upstream, tmp_path: Path) -> Iterator[LiveRates]:
    put_steady(sources)
    with service(sources, tmp_path) as url, closing(LiveRates(url, ())) as asked:
        yield asked


def test_before_the_first_sync_a_value_is_of_the_bundled_history_and_says_so(rates: LiveRates) -> None:
    (fact,) = rates.values(("mortgage_30y",), None, Deadline(10))
    assert fact.as_of is not None
    assert str(fact.as_of) == "2024-05-16"
    assert fact.stale.startswith("bundled history")


def test_a_synced_value_comes_with_all_that_a_reply_must_say(rates: LiveRates) -> None:
    rates.sync(SecretStr(TOKEN), Deadline(30))
    (fact,) = rates.values(("mortgage_30y",), None, Deadline(10))
    assert (fact.value, fact.unit, fact.as_of) == (str(STEADY[WEEKS[-1]]), "percent", WEEKS[-1])
    assert fact.stale == ""
    assert "Freddie Mac" in fact.source
    assert fact.url == "https://www.freddiemac.com/pmms"
    assert "not an offer" in fact.caution


def test_a_day_of_the_past_has_its_own_value(rates: LiveRates) -> None:
    rates.sync(SecretStr(TOKEN), Deadline(30))
    (fact,) = rates.values(("mortgage_30y",), WEEKS[2] + timedelta(days=3), Deadline(10))
    assert (fact.value, fact.as_of, fact.stale) == (str(STEADY[WEEKS[2]]), WEEKS[2], "")


def test_what_the_service_has_not_is_refused_in_a_sentence(rates: LiveRates) -> None:
    with pytest.raises(Refused, match="'eur_xyz' has no value"):
        rates.values(("eur_xyz",), None, Deadline(10))


def test_a_wrong_token_is_told(rates: LiveRates) -> None:
    with pytest.raises(Down, match="401"):
        rates.sync(SecretStr("wrong"), Deadline(10))


def test_a_service_that_is_not_there_is_told_at_once() -> None:
    with closing(LiveRates("http://127.0.0.1:1", ())) as asked:
        begun = time.monotonic()
        with pytest.raises(Down, match="cannot be reached"):
            asked.values(("mortgage_30y",), None, Deadline(10))
        assert time.monotonic() - begun < 2


def test_a_service_that_hangs_is_given_up_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with closing(LiveRates(f"http://127.0.0.1:{port}", ())) as asked:
            begun = time.monotonic()
            with pytest.raises(Down, match="in time"):
                asked.values(("mortgage_30y",), None, Deadline(0.5))
            assert time.monotonic() - begun < 3


@contextmanager
def saying(status: int, body: bytes) -> Iterator[LiveRates]:
    """A service that says the same to everybody."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        with closing(LiveRates(f"http://127.0.0.1:{server.server_port}", ())) as asked:
            yield asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"values": [{"value": 7.1}]}'),
        (200, b'{"values": [{"value": "x", "title": "", "unit": "", "as_of": "2026-01-01"}]}'),
        (500, b"{}"),
        (302, b""),
    ],
)
def test_an_answer_that_is_no_rate_is_a_failure_in_words(status: int, body: bytes) -> None:
    with saying(status, body) as asked, pytest.raises(Down, match="rates service"):
        asked.values(("mortgage_30y",), None, Deadline(10))


def test_an_endless_answer_is_cut_off() -> None:
    with saying(200, b" " * (3 * 1024 * 1024)) as asked, pytest.raises(Down, match="more than"):
        asked.values(("mortgage_30y",), None, Deadline(10))


def looked(*looks: tuple[str, timedelta | None], syncing: bool = False) -> Health:
    sources = tuple(
        SourceHealth(outcome=outcome, checked_at=None if ago is None else NOW - ago) for outcome, ago in looks
    )
    return Health(status="ok", syncing=syncing, bundled=False, quarantined=0, sources=sources)


@pytest.mark.parametrize(
    ("health", "wanted"),
    [
        (looked(("never", None)), True),
        (looked(("new", timedelta(hours=2)), ("not_modified", timedelta(hours=2))), False),
        (looked(("new", timedelta(hours=24))), True),
        (looked(("new", timedelta(minutes=61)), ("unreachable", timedelta(minutes=61))), True),
        (looked(("quarantined", timedelta(minutes=20))), False),
        (looked(("never", None), syncing=True), False),
    ],
)
def test_the_clock_syncs_once_a_day_and_an_hour_after_a_failure(health: Health, wanted: bool) -> None:
    assert due(health, NOW) is wanted


def test_the_clock_syncs_only_a_service_of_its_own_whose_timer_is_off() -> None:
    assert LiveRatesSettings(rates_url="http://rates:8750", rates_timer="off").by_the_clock
    assert not LiveRatesSettings(rates_url="http://rates:8750").by_the_clock
    assert not LiveRatesSettings(rates_timer="off").by_the_clock


@pytest.mark.parametrize("url", ["rates:8750", "ftp://rates", "http://"])
def test_an_address_that_is_none_is_named(url: str) -> None:
    with pytest.raises(Misconfigured, match="CANDOR_RATES_URL"):
        LiveRatesSettings(rates_url=url)
