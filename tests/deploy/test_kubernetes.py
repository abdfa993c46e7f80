"""The Kubernetes manifests: valid, with commands that exist, and probes where the processes answer."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import telemetry
from tests.docs.test_docs import parse
from workers.app import WorkerSettings

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())
FILES = [FOLDER / name for name in KUSTOMIZATION["resources"]]
ALL: list[dict[str, Any]] = [each for file in FILES for each in yaml.safe_load_all(file.read_text())]
DEPLOYMENTS = [each for each in ALL if each["kind"] == "Deployment"]


def name(manifest: dict[str, Any]) -> str:
    return str(manifest["metadata"]["name"])


def test_every_manifest_is_applied() -> None:
    assert {*FILES, FOLDER / "kustomization.yaml"} == set(FOLDER.iterdir())


def test_the_manifests_follow_the_schemas_where_these_are_installed() -> None:
    for tool in filter(None, [shutil.which("kubernetes-validate")]):
        subprocess.run([tool, "--strict", *map(str, FILES)], check=True)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=name)
def test_a_deployment_runs_a_command_that_exists_where_its_probes_look(deployment: dict[str, Any]) -> None:
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    parse(container["args"])
    ports = {port["name"] for port in container["ports"]}
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert container[probe]["httpGet"]["port"] in ports
        assert container[probe]["httpGet"]["path"] in ("/healthz", "/readyz", "/health")


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=name)
def test_a_pod_has_no_rights_and_time_to_hand_over(deployment: dict[str, Any]) -> None:
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["terminationGracePeriodSeconds"] > WorkerSettings().shutdown_seconds
    assert {mount["name"] for mount in container["volumeMounts"]} == {each["name"] for each in pod["volumes"]}


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=name)
def test_a_deployment_selects_its_own_pods(deployment: dict[str, Any]) -> None:
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert deployment["spec"]["selector"]["matchLabels"] == labels == deployment["metadata"]["labels"]
    assert labels["part"] == name(deployment)


def test_workers_grow_with_the_turns_that_wait() -> None:
    (scaler,) = (each for each in ALL if each["kind"] == "HorizontalPodAutoscaler")
    assert scaler["spec"]["scaleTargetRef"]["name"] in {name(each) for each in DEPLOYMENTS}
    (metric,) = scaler["spec"]["metrics"]
    assert metric["external"]["metric"]["name"] == telemetry.OPEN_TURNS


def test_there_is_one_clock() -> None:
    (clock,) = (each for each in DEPLOYMENTS if name(each) == "beat")
    assert (clock["spec"]["replicas"], clock["spec"]["strategy"]) == (1, {"type": "Recreate"})


def test_no_secret_is_written_down() -> None:
    assert not [each for each in ALL if each["kind"] == "Secret"]
