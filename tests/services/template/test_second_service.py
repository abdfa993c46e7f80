"""Another service from the same template: what stands in this file above the tests is all of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from services.template.errors import Unfit
from services.template.service import Point, Reading, Series, Service, Source
from services.template.serving import serving
from tests.services.upstream import Upstream

TIDE = Series("tide_cuxhaven", "High water at Cuxhaven", "cm above mean sea level")


def parse(body: bytes) -> Reading:
    try:
        rows = [line.split(";") for line in body.decode().splitlines()]
        return tuple(Point(TIDE.name, date.fromisoformat(day), float(height)) for day, height in rows)
    except ValueError:
        raise Unfit("unreadable", "it is no table of tides") from None


def make_tides(url: str) -> Service:
    source = Source(name="office", title="Tide office", attribution="Tide office", url=url, parse=parse)
    return Service(
        name="tides",
        title="Tides",
        description="High waters.",
        sources=(source,),
        describe=lambda name: TIDE if name == TIDE.name else None,
        headline=(TIDE.name,),
        max_age_days=1,
    )


@pytest.fixture
def client(sources: Upstream, tmp_path: Path) -> Iterator[httpx.Client]:
    sources.put("tides", b"2020-01-01;152\n2020-01-02;161\n")
    with (
        serving(make_tides(f"{sources.url}/tides"), tmp_path, token="sesame") as url,
        httpx.Client(base_url=url, headers={"Authorization": "Bearer sesame"}) as made,
    ):
        yield made


def test_it_has_nothing_before_its_first_sync(client: httpx.Client) -> None:
    response = client.get("/latest")
    assert response.status_code == 404
    assert TIDE.name in response.json()["detail"]


def test_it_syncs_serves_and_knows_what_is_stale(client: httpx.Client) -> None:
    assert client.post("/sync").json()["accepted"] == 2
    value = client.get("/latest").json()["values"][0]
    assert (value["value"], value["unit"], value["stale"]) == (161, TIDE.unit, True)
    assert client.get("/as-of/2020-01-02").json()["values"][0]["stale"] is False


def test_it_quarantines_what_it_cannot_read(client: httpx.Client, sources: Upstream) -> None:
    client.post("/sync")
    sources.put("tides", b"<html>")
    client.post("/sync")
    assert [one["reason"] for one in client.get("/quarantine").json()["entries"]] == ["unreadable"]
    assert client.get("/latest").json()["values"][0]["value"] == 161
