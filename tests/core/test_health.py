"""Health over HTTP: what is wrong is said, and nothing that is secret."""

import json
import urllib.error
import urllib.request

import pytest

from core.errors import LedgerUnavailable, Misconfigured
from core.health import Health, answering, telemetry
from core.metrics import Metrics
from core.telemetry import TelemetrySettings
from tests.servers.redis_server import free_port


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_process_shows_its_metrics_and_that_it_is_well() -> None:
    metrics = Metrics()
    metrics.heard("slack", queued=True)
    with telemetry(TelemetrySettings(), metrics, Health(), always=True) as url:
        assert 'candor_questions_total{platform="slack"} 1.0' in get(f"{url}/metrics")[1]
        assert get(f"{url}/healthz?full=1")[0] == get(f"{url}/readyz")[0] == 200
        assert get(f"{url}/etc/passwd")[0] == 404


def test_what_is_wrong_is_named_without_its_cause() -> None:
    def broken() -> None:
        raise LedgerUnavailable("postgresql://candor:swordfish@db does not answer")

    health = Health(
        alive={"canary": lambda: "no task came through for 70 s"}, ready={"ledger": answering(broken)}
    )
    with telemetry(TelemetrySettings(), Metrics(), health, always=True) as url:
        status, body = get(f"{url}/healthz")
        assert (status, json.loads(body)["wrong"]) == (503, {"canary": "no task came through for 70 s"})
        status, body = get(f"{url}/readyz")
        assert (status, json.loads(body)["wrong"]) == (503, {"ledger": "LedgerUnavailable"})


def test_without_a_port_nothing_is_served() -> None:
    with telemetry(TelemetrySettings(), Metrics(), Health()) as url:
        assert not url


def test_a_port_that_is_taken_is_named() -> None:
    settings = TelemetrySettings(telemetry_port=free_port())
    with (
        telemetry(settings, Metrics(), Health()),
        pytest.raises(Misconfigured, match=r"^CANDOR_TELEMETRY_PORT: cannot listen"),
        telemetry(settings, Metrics(), Health()),
    ):
        pass


def test_a_value_that_cannot_be_read_is_left_out() -> None:
    def broken() -> dict[tuple[str, ...], float]:
        raise LedgerUnavailable("down")

    metrics = Metrics()
    metrics.gauge("candor_open_turns", "Open.", ("state",), broken)
    metrics.swept(1)
    shown = metrics.text().decode()
    assert "candor_open_turns" not in shown
    assert "candor_swept_total 1.0" in shown
