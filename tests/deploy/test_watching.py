"""Every query of the alerts and of the dashboard finds what it asks for in what a process really shows."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from core import telemetry
from core.errors import ModelUnavailable
from core.messages import Action, Answer, Decision, Outcome, Stage, Trace, Usage
from core.metrics import Metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
DASHBOARD = json.loads((DEPLOY / "grafana" / "candor.json").read_text())

# What Prometheus itself adds to every sample.
ADDED = {"instance", "job"}

_METRIC = re.compile(r"\bcandor_\w+")
_BY = re.compile(r"\bby \(([^)]*)\)")
_MATCH = re.compile(r"(\w+)=~?\"([^\"]*)\"")


def queries() -> Iterator[str]:
    for group in RULES["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])


@pytest.fixture(scope="module")
def shown() -> dict[str, list[dict[str, str]]]:
    """The labels of every sample, by its name, of a process to which everything has happened."""
    metrics = Metrics()
    metrics.heard("slack", queued=False)
    metrics.rated(1)
    metrics.rated(-1)
    metrics.began(0.1)
    metrics.answered(_answer(0.01))
    metrics.answered(_answer(None))
    for outcome in Outcome:
        metrics.ended("slack", outcome.value, 1.5)
    metrics.retried(ModelUnavailable("down"))
    metrics.swept(2)
    gauges = {
        telemetry.OPEN_TURNS: ("state",),
        telemetry.OLDEST_SECONDS: (),
        telemetry.QUEUED_JOBS: ("queue",),
        telemetry.RATES_AGE_SECONDS: (),
        telemetry.CANARY_AGE_SECONDS: (),
    }
    for name, labels in gauges.items():
        metrics.gauge(name, "A gauge.", labels, partial(dict, [(("x",) * len(labels), 1.0)]))
    found: dict[str, list[dict[str, str]]] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, []).append(sample.labels)
    return found


def _answer(cost: float | None) -> Answer:
    decision = Decision(rule="secrets", stage=Stage.OUTPUT, score=0.9, action=Action.MASK)
    return Answer(
        outcome=Outcome.ANSWERED,
        text="Yes.",
        model="openai:large",
        usage=Usage(input_tokens=10, output_tokens=3),
        cost_usd=cost,
        timings={"search": 12.0, "total": 40.0},
        trace=Trace(perplexity=1.2, decisions=(decision,)),
    )


@pytest.mark.parametrize("query", list(queries()))
def test_a_query_names_metrics_and_labels_that_there_are(
    query: str, shown: dict[str, list[dict[str, str]]]
) -> None:
    names = _METRIC.findall(query)
    assert names
    assert set(names) <= set(shown)
    labels = {label for name in names for sample in shown[name] for label in sample}
    wanted = {label.strip() for group in _BY.findall(query) for label in group.split(",")}
    assert wanted <= labels | ADDED
    for label, value in _MATCH.findall(query):
        assert any(sample.get(label) == value for name in names for sample in shown[name])


def test_every_metric_is_on_the_dashboard(shown: dict[str, list[dict[str, str]]]) -> None:
    asked = {name for query in queries() for name in _METRIC.findall(query)}
    base = {re.sub(r"_(total|bucket|sum|count|created)$", "", name) for name in shown}
    assert base == {re.sub(r"_(total|bucket)$", "", name) for name in asked}


def test_the_dashboard_has_panels_side_by_side() -> None:
    places = [(each["gridPos"]["x"], each["gridPos"]["y"]) for each in DASHBOARD["panels"]]
    ids = [each["id"] for each in DASHBOARD["panels"]]
    assert len(set(places)) == len(set(ids)) == len(DASHBOARD["panels"])


def test_every_alert_says_what_to_do() -> None:
    rules: list[dict[str, Any]] = [rule for group in RULES["groups"] for rule in group["rules"]]
    assert rules
    assert all({"summary", "action"} <= set(rule["annotations"]) for rule in rules)


def test_prometheus_takes_the_rules_where_it_is_installed() -> None:
    for tool in filter(None, [shutil.which("promtool")]):
        subprocess.run([tool, "check", "config", "prometheus.yml"], cwd=DEPLOY / "prometheus", check=True)
