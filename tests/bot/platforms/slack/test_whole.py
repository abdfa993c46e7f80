"""The whole way with the real command: a channel ingested, then asked about, summarised, and a file read."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.platforms.slack.render import NOTICE
from bot.simulators.slack import App, SlackSimulator
from bot.simulators.slack.state.messages import Message
from tests.bot.platforms.slack.bench import MANIFEST
from tests.cli.candor import Candor, eventually, read_until, stop

PLAN = "The release moves to Monday because the database is not ready yet."
RULE = "Visitors leave the yard before nine in the evening."


@pytest.fixture
def slack() -> Iterator[SlackSimulator]:
    with SlackSimulator(App.from_manifest(yaml.safe_load(MANIFEST.read_text()))) as running:
        running.limits.off()
        yield running


def test_what_a_worker_loads_to_read_channels_knows_no_bolt() -> None:
    loaded = "import bot.platforms.slack.source, sys; print(*sys.modules)"
    command = [sys.executable, "-c", loaded]
    modules = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "slack_sdk" in modules.split()
    assert "slack_bolt" not in modules.split()


def test_channels_and_files_are_read_in_the_running_product(slack: SlackSimulator, tmp_path: Path) -> None:
    candor = Candor(tmp_path / "home", tmp_path).set(
        embedder="none",
        slack_api_url=slack.api_url,
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app.app_token,
    )
    ana, ben = slack.person("Ana"), slack.person("Ben")
    general = slack.workspace.channel("general", ana.user, ben.user)
    message = ana.say(general, PLAN)
    address = f"/archives/{general.id}/p{message.ts.replace('.', '')}"
    assert "1 found, 1 indexed" in candor.done("ingest", "slack:general")
    timeline = slack.workspace.timeline

    def reply(asked: Message, words: str) -> str:
        said = [each.shown for each in timeline.replies(asked.channel, asked.ts)]
        return next((shown for shown in said if words in shown and NOTICE in shown), "")

    with candor.running("up") as process:
        read_until(process.stdout, "Hearing Slack: Socket Mode.")
        asked = ben.say(ben.direct(), "when is the release?")
        assert address in eventually(lambda: reply(asked, "moves to Monday"))
        filed = ben.say(ben.direct(), "when do visitors leave the yard?", files={"rules.txt": RULE.encode()})
        assert "rules.txt" in eventually(lambda: reply(filed, "before nine"))
        ben.command(general, "/ask", "summarise #general since today")
        told = eventually(lambda: [each.shown for each in timeline.ephemeral if "Summary of" in each.shown])
        assert address in told[0]
        ana.delete(message)
        team = f"slack:{slack.workspace.id}"
        eventually(lambda: candor.object("search", "release Monday", "--group", team) == [])
        assert stop(process) == 0
