from collections.abc import Iterator

import pytest
import yaml

from bot.simulators.slack import App, Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel
from tests.bot.platforms.slack.bench import MANIFEST
from tests.cli.candor import Candor

PLAN = "The release moves to Monday because the database is not ready yet."


@pytest.fixture
def slack() -> Iterator[SlackSimulator]:
    with SlackSimulator(App.from_manifest(yaml.safe_load(MANIFEST.read_text()))) as simulator:
        yield simulator


@pytest.fixture
def ana(slack: SlackSimulator) -> Person:
    return slack.person("Ana")


@pytest.fixture
def general(slack: SlackSimulator, ana: Person) -> Channel:
    return slack.workspace.channel("general", ana.user)


@pytest.fixture
def connected(fresh: Candor, slack: SlackSimulator) -> Candor:
    return fresh.set(slack_bot_token=slack.bot_token, slack_api_url=slack.api_url)


def test_a_public_channel_is_ingested_for_its_workspace_and_followed(
    connected: Candor, slack: SlackSimulator, ana: Person, general: Channel
) -> None:
    message = ana.say(general, PLAN)
    team = slack.workspace.id
    report = connected.done("ingest", "slack:general")
    assert report.startswith(f"slack:{team}/{general.id} is #general\n")
    assert f"slack:{team}/{general.id}: 1 found, 1 indexed" in report
    assert f"readers: slack:{team};" in connected.done("sources", "list")
    assert connected.object("search", "release Monday database") == []
    (row,) = connected.object("search", "release Monday database", "--group", f"slack:{team}")
    assert row["source"].endswith(f"/archives/{general.id}/p{message.ts.replace('.', '')}")
    ana.delete(message)
    assert "0 indexed, 0 unchanged, 1 deleted" in connected.done("sources", "sync")


def test_a_private_channel_is_taken_only_when_it_is_asked_for(
    connected: Candor, slack: SlackSimulator, ana: Person
) -> None:
    board = slack.workspace.channel("board", ana.user, private=True)
    ana.say(board, "The salaries will be cut in half.")
    ended = connected.run("ingest", "slack:board")
    assert ended.code == 2
    assert "--private" in ended.err
    report = connected.done("ingest", "slack:board", "--private")
    assert "1 found, 1 indexed" in report
    group = f"slack:{slack.workspace.id}/{board.id}"
    assert connected.object("search", "salaries", "--group", f"slack:{slack.workspace.id}") == []
    assert len(connected.object("search", "salaries", "--group", group)) == 1


def test_who_may_read_a_channel_is_not_for_the_command_to_say(connected: Candor, general: Channel) -> None:
    ended = connected.run("ingest", f"slack:{general.name}", "--readers", "hr")
    assert ended.code == 2
    assert "--readers" in ended.err


def test_a_channel_that_is_not_there_becomes_no_source(connected: Candor) -> None:
    assert "Candor is in no channel of that name" in connected.refused("ingest", "slack:nowhere")
    assert "slack:" not in connected.done("sources", "list")


def test_without_a_token_a_channel_is_refused(fresh: Candor) -> None:
    assert "CANDOR_SLACK_BOT_TOKEN" in fresh.refused("ingest", "slack:general")
    assert "no platform notes" in fresh.refused("ingest", "notes:general")


def test_what_was_read_in_a_channel_that_candor_left_goes_with_the_next_sync(
    connected: Candor, slack: SlackSimulator, ana: Person, general: Channel
) -> None:
    ana.say(general, PLAN)
    connected.done("ingest", "slack:general")
    asked = ("search", "release Monday database", "--group", f"slack:{slack.workspace.id}")
    assert len(connected.object(*asked)) == 1
    slack.workspace.leave(general, slack.workspace.bot)
    assert "Candor is in no channel of that name" in connected.run("sources", "sync").err
    assert connected.object(*asked) == []
    ana.invite(slack.workspace.bot, general)
    connected.done("sources", "sync")
    assert len(connected.object(*asked)) == 1
