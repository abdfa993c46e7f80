"""The HTTP API of a running service."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.rates.service import make_service
from services.template.errors import Misconfigured
from services.template.serving import serving
from tests.services.files import STEADY, WEEKS
from tests.services.rates.kit import Calendar, put_steady, settings
from tests.services.upstream import Upstream

TOKEN = "sesame"
CALENDAR = Calendar(WEEKS[-1])


@contextmanager
def running(sources: Upstream, home: Path, **options: Any) -> Iterator[httpx.Client]:
    service = make_service(settings(sources, home))
    with (
        serving(service, home, token=TOKEN, clock=CALENDAR, **options) as url,
        httpx.Client(base_url=url, timeout=20) as client,
    ):
        yield client


@pytest.fixture
def client(sources: Upstream, tmp_path: Path) -> Iterator[httpx.Client]:
    """A service that has synced."""
    put_steady(sources)
    with running(sources, tmp_path) as made:
        assert made.post("/sync", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 200
        yield made


def test_latest_has_all_that_a_reader_needs(client: httpx.Client) -> None:
    thirty, fifteen = client.get("/latest").json()["values"]
    assert thirty["series"] == "mortgage_30y"
    assert fifteen["series"] == "mortgage_15y"
    assert thirty["value"] == STEADY[WEEKS[-1]]
    assert thirty["as_of"] == thirty["published_at"] == thirty["vintage"] == str(WEEKS[-1])
    assert thirty["unit"] == "percent"
    assert thirty["stale"] is False
    assert len(thirty["sha256"]) == 64


def test_several_series_are_answered_in_their_order(client: httpx.Client) -> None:
    values = client.get("/latest", params={"series": ["eur_usd", "mortgage_30y"]}).json()["values"]
    assert [value["series"] for value in values] == ["eur_usd", "mortgage_30y"]


def test_a_day_and_a_range_are_answered(client: httpx.Client) -> None:
    value = client.get(f"/as-of/{WEEKS[3]}").json()["values"][0]
    assert value["value"] == STEADY[WEEKS[3]]
    days = {"series": "mortgage_30y", "start": str(WEEKS[1]), "end": str(WEEKS[3])}
    span = client.get("/range", params=days).json()
    assert [value["as_of"] for value in span["values"]] == [str(day) for day in WEEKS[1:4]]
    assert span["complete"] is True


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/latest?series=mortgage_99y", 404),
        ("/as-of/1900-01-01", 404),
        ("/range?series=nothing&start=2026-01-01&end=2026-02-01", 404),
        ("/as-of/tomorrow", 422),
        ("/latest?series=%27;drop", 422),
        ("/range?series=mortgage_30y", 422),
        ("/nowhere", 404),
    ],
)
def test_a_wrong_question_is_refused(client: httpx.Client, path: str, status: int) -> None:
    response = client.get(path)
    assert response.status_code == status
    assert response.json()["detail"]


def test_health_series_and_quarantine_are_shown(client: httpx.Client) -> None:
    assert client.get("/health").json()["status"] == "ok"
    assert {"mortgage_30y", "eur_usd"} <= {one["name"] for one in client.get("/series").json()["series"]}
    assert client.get("/quarantine").json() == {"entries": []}


@pytest.mark.parametrize("given", [None, "Bearer guess", "Bearer", "Basic c2VzYW1l"])
def test_only_the_token_starts_a_sync(client: httpx.Client, given: str | None) -> None:
    response = client.post("/sync", headers={"Authorization": given} if given else {})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_without_a_token_nobody_starts_a_sync(sources: Upstream, tmp_path: Path) -> None:
    with (
        serving(make_service(settings(sources, tmp_path)), tmp_path) as url,
        httpx.Client(base_url=url) as client,
    ):
        assert client.post("/sync", headers={"Authorization": "Bearer guess"}).status_code == 401
    assert sources.asked == []


def test_a_second_sync_at_the_same_time_is_refused(sources: Upstream, tmp_path: Path) -> None:
    put_steady(sources)
    sources.pages["pmms"].gate.clear()
    with running(sources, tmp_path) as client:
        key = {"Authorization": f"Bearer {TOKEN}"}
        first: list[httpx.Response] = []
        thread = threading.Thread(target=lambda: first.append(client.post("/sync", headers=key)))
        thread.start()
        while not client.get("/health").json()["syncing"]:
            pass
        assert client.post("/sync", headers=key).status_code == 409
        sources.pages["pmms"].gate.set()
        thread.join()
        assert first[0].json()["accepted"] > 0


def test_the_description_is_there_before_the_first_sync_ends(sources: Upstream, tmp_path: Path) -> None:
    put_steady(sources)
    sources.pages["pmms"].gate.clear()
    with running(sources, tmp_path, hours=24) as client:
        assert "/latest" in client.get("/openapi.json").json()["paths"]
        assert client.get("/latest").json()["values"][0]["bundled"] is True
        assert sources.statuses("pmms") == []
        sources.pages["pmms"].gate.set()
        while client.get("/latest").json()["values"][0]["bundled"]:
            pass
        assert client.get("/latest").json()["values"][0]["value"] == STEADY[WEEKS[-1]]


def test_a_restart_serves_what_was_synced_and_asks_nobody_before_the_day_is_over(
    sources: Upstream, tmp_path: Path
) -> None:
    put_steady(sources)
    with running(sources, tmp_path) as client:
        client.post("/sync", headers={"Authorization": f"Bearer {TOKEN}"})
    asked = len(sources.asked)
    with running(sources, tmp_path, hours=24) as client:
        assert client.get("/latest").json()["values"][0]["value"] == STEADY[WEEKS[-1]]
        assert client.get("/health").json()["syncing"] is False
    assert len(sources.asked) == asked


def test_an_address_that_is_taken_is_named(sources: Upstream, tmp_path: Path) -> None:
    with running(sources, tmp_path) as client:
        port = client.base_url.port
        assert port
        with (
            pytest.raises(Misconfigured, match=f"--port.*{port}"),
            serving(make_service(settings(sources, tmp_path)), tmp_path, port=port),
        ):
            pass
