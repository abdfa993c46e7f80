"""The whole set of compose.yaml, each service's command as a plain process, and a question through it."""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.platforms.slack.render import NOTICE
from bot.simulators.slack import App, SlackSimulator
from core import telemetry
from tests.bot.platforms.slack.bench import MANIFEST
from tests.cli.candor import Candor, eventually, stop
from tests.servers.databases import PostgresServer
from tests.servers.redis_server import RedisServer, free_port

COMPOSE: dict[str, Any] = yaml.safe_load((Path(__file__).parents[2] / "compose.yaml").read_text())
OURS = {name: service for name, service in COMPOSE["services"].items() if service["image"] == "candor"}
PAGE = "# Keys\n\n## Where is the doorkey?\n\nThe doorkey lies under the mat.\n"


@pytest.fixture
def slack() -> Iterator[SlackSimulator]:
    with SlackSimulator(App.from_manifest(yaml.safe_load(MANIFEST.read_text()))) as running:
        running.limits.off()
        yield running


@pytest.fixture
def parts(tmp_path: Path, slack: SlackSimulator) -> Iterator[dict[str, str]]:
    """Every setting that compose.yaml gives, with the address that the part has here."""
    with (
        PostgresServer(tmp_path / "postgres") as postgres,
        RedisServer() as redis,
        Candor(tmp_path / "qdrant", tmp_path).set(embedder="none").running("index", "serve"),
    ):
        address = eventually(lambda: _read(tmp_path / "qdrant" / "index" / "address.json"))
        yield {
            "CANDOR_BROKER_URL": redis.url,
            "CANDOR_DATABASE_URL": postgres.new_database(),
            "CANDOR_QDRANT_URL": address["url"],
            "CANDOR_QDRANT_API_KEY": address["key"],
            "CANDOR_RATES_URL": f"http://127.0.0.1:{free_port()}",
            "CANDOR_RATES_TIMER": "off",
            "CANDOR_RATES_TOKEN": "token",
            "CANDOR_TELEMETRY_HOST": "127.0.0.1",
            # What stands in .env for the services that get it whole.
            "CANDOR_EMBEDDER": "none",
            "CANDOR_SLACK_API_URL": slack.api_url,
            "CANDOR_SLACK_BOT_TOKEN": slack.bot_token,
            "CANDOR_SLACK_APP_TOKEN": slack.app.app_token,
        }


def _read(path: Path) -> Any:
    return json.loads(path.read_text()) if path.exists() else None


def process(name: str, folder: Path, parts: dict[str, str]) -> tuple[Candor, list[str], str]:
    """A service as a command with settings of its own, and where it shows its health."""
    service = OURS[name]
    given = set(service["environment"]) & set(parts)
    given |= set(parts) if "env_file" in service else set()
    command = list(service["command"])
    if name == "rates":
        host, port = parts["CANDOR_RATES_URL"].removeprefix("http://").split(":")
        command = [*command[:-1], host, "--port", port]
        health = f"{parts['CANDOR_RATES_URL']}/health"
    else:
        port = str(free_port())
        health = f"http://127.0.0.1:{port}/readyz"
    home = folder / name
    settings = {key: parts[key] for key in given} | {"CANDOR_TELEMETRY_PORT": port}
    return Candor(home, folder, settings), command, health


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def test_the_set_answers_a_question_and_stops(
    tmp_path: Path, slack: SlackSimulator, parts: dict[str, str]
) -> None:
    (tmp_path / "keys.md").write_text(PAGE)
    with ExitStack() as stack:
        running = {}
        shown = {}
        for name in OURS:
            candor, command, health = process(name, tmp_path, parts)
            running[name] = stack.enter_context(candor.running(*command, err=tmp_path / f"{name}.log"))
            shown[name] = health
        for health in shown.values():
            eventually(lambda health=health: answers(health))  # type: ignore[misc]
        worker, _, _ = process("worker-answers", tmp_path, parts)
        assert "1 indexed" in worker.done("ingest", str(tmp_path / "keys.md"))

        ana = slack.person("Ana")
        general = slack.workspace.channel("general", ana.user)
        message = ana.say(general, "@candor where is the doorkey?")
        timeline = slack.workspace.timeline
        eventually(
            lambda: any(NOTICE in reply.shown for reply in timeline.replies(message.channel, message.ts))
        )
        (reply,) = timeline.replies(message.channel, message.ts)
        assert "The doorkey lies under the mat." in reply.shown

        page = shown["worker-answers"].replace("/readyz", "/metrics")
        assert 'candor_turns_total{outcome="answered",platform="slack"} 1.0' in httpx.get(page).text
        gauges = set(re.findall(r"^# TYPE (\S+) gauge", httpx.get(page).text, re.MULTILINE))
        assert {name for name in gauges if not name.endswith("_created")} == {
            telemetry.OPEN_TURNS,
            telemetry.OLDEST_SECONDS,
            telemetry.QUEUED_JOBS,
            telemetry.RATES_AGE_SECONDS,
            telemetry.CANARY_AGE_SECONDS,
        }
        page = shown["bot-slack"].replace("/readyz", "/metrics")
        assert 'candor_questions_total{platform="slack"} 1.0' in httpx.get(page).text
        assert {name: stop(process, within=30) for name, process in running.items()} == dict.fromkeys(OURS, 0)
