"""`candor rates` as a process of its own."""

from pathlib import Path

import httpx
import pytest

from tests.cli.candor import Candor, eventually, read_until, stop
from tests.services.files import EUROS, STEADY, WEEKS, fred, pmms
from tests.services.upstream import upstream


@pytest.fixture
def alone(tmp_path: Path) -> Candor:
    """The command with sources that are files of this machine."""
    urls = {}
    for name, body in {"pmms": pmms(STEADY), "fred": fred(STEADY), "ecb": EUROS}.items():
        path = tmp_path / name
        path.write_bytes(body)
        urls[f"rates_{name}_url"] = path.as_uri()
    return Candor(tmp_path / "home", tmp_path).set(**urls)


def test_it_syncs_on_its_own_serves_and_stops(alone: Candor) -> None:
    with alone.running("rates", "--port", "0") as process:
        said = read_until(process.stdout, ".\n")
        url = said.removeprefix("Serving rates on ").removesuffix(".\n")
        assert url.startswith("http://127.0.0.1:")

        def synced() -> bool:
            return not httpx.get(f"{url}/latest").json()["values"][0]["bundled"]

        eventually(synced)
        value = httpx.get(f"{url}/latest").json()["values"][0]
        assert (value["value"], value["as_of"]) == (STEADY[WEEKS[-1]], str(WEEKS[-1]))
        assert stop(process) == 0
    assert (alone.home / "rates" / "store.db").exists()
    assert len(list((alone.home / "rates" / "raw").iterdir())) == 3


def test_with_its_timer_off_it_waits_for_the_call(alone: Candor) -> None:
    with alone.set(rates_timer="off", rates_token="sesame").running("rates", "--port", "0") as process:
        url = read_until(process.stdout, ".\n").split()[-1].removesuffix(".")
        assert httpx.get(f"{url}/health").json()["status"] == "starting"
        report = httpx.post(f"{url}/sync", headers={"Authorization": "Bearer sesame"}).json()
        assert {one["outcome"] for one in report["sources"]} == {"new"}
        assert httpx.get(f"{url}/health").json()["status"] == "ok"
        assert stop(process) == 0


def test_with_no_network_and_nothing_synced_it_serves_what_is_bundled(alone: Candor) -> None:
    dead = {f"rates_{name}_url": "http://127.0.0.1:1/file" for name in ("pmms", "fred", "ecb")}
    with alone.set(**dead).running("rates", "--port", "0") as process:
        url = read_until(process.stdout, ".\n").split()[-1].removesuffix(".")
        eventually(lambda: httpx.get(f"{url}/health").json()["status"] == "degraded")
        value = httpx.get(f"{url}/latest").json()["values"][0]
        assert value["bundled"]
        assert value["stale"]
        assert value["as_of"] == "2024-05-16"
        assert stop(process) == 0


def test_it_stops_in_the_middle_of_a_download(alone: Candor) -> None:
    with upstream() as sources:
        page = sources.put("pmms", b"")
        page.gate.clear()
        with alone.set(rates_pmms_url=f"{sources.url}/pmms").running("rates", "--port", "0") as process:
            url = read_until(process.stdout, ".\n").split()[-1].removesuffix(".")
            eventually(lambda: httpx.get(f"{url}/health").json()["syncing"])
            assert stop(process) == 0
            assert process.stderr
            assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("setting", "value"),
    [("rates_timer", "sometimes"), ("home", "/proc/candor"), ("rates_ecb_url", "rates.csv")],
)
def test_a_wrong_setting_is_named_in_one_line(alone: Candor, setting: str, value: str) -> None:
    assert f"CANDOR_{setting.upper()}" in alone.set(**{setting: value}).refused("rates", "--port", "0")
