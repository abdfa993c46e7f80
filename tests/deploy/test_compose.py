"""compose.yaml: valid by its schema, its services watched, nothing published, secrets from outside."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from workers.app import WorkerSettings

ROOT = Path(__file__).parents[2]
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "candor"}
PROMETHEUS = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
RECIPE = (ROOT / "deploy" / "Dockerfile").read_text()


def test_it_follows_the_schema_of_compose() -> None:
    tool = Path(sys.executable).parent / "check-jsonschema"
    subprocess.run([tool, "--builtin-schema", "vendor.compose-spec", "compose.yaml"], cwd=ROOT, check=True)


@pytest.mark.parametrize("service", list(SERVICES.values()), ids=list(SERVICES))
def test_a_service_publishes_nothing_and_starts_again(service: dict[str, Any]) -> None:
    assert "ports" not in service
    assert service["restart"] == "unless-stopped"
    assert "healthcheck" in service or service["image"] == "candor"  # the image has one of its own


@pytest.mark.parametrize("service", list(OURS.values()), ids=list(OURS))
def test_a_service_of_ours_has_no_rights(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["build"]["dockerfile"] == "deploy/Dockerfile"


def test_a_worker_has_time_to_hand_over() -> None:
    for name in ("worker-answers", "worker-ingest"):
        assert int(SERVICES[name]["stop_grace_period"].removesuffix("s")) > WorkerSettings().shutdown_seconds


def test_prometheus_reads_every_process_that_has_something_to_show() -> None:
    (found,) = PROMETHEUS["scrape_configs"][0]["dns_sd_configs"]
    assert set(found["names"]) == set(OURS) - {"rates"}
    assert f"CANDOR_TELEMETRY_PORT={found['port']}" in RECIPE


def test_the_image_runs_as_nobody_and_by_itself_is_the_whole() -> None:
    assert RECIPE.count("\nFROM ") == 2
    last = RECIPE.rsplit("\nFROM ", 1)[1]
    assert "\nUSER candor\n" in last
    assert "\nHEALTHCHECK " in last
    assert last.endswith('ENTRYPOINT ["candor"]\nCMD ["up"]\n')


def test_redis_forgets_nothing() -> None:
    line = " ".join(SERVICES["redis"]["command"])
    assert "--appendonly yes --appendfsync everysec --maxmemory-policy noeviction" in line
