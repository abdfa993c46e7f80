"""The manifest: what it asks for is what the code needs, no more and no less."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from bot.platforms.slack.ingress import listeners
from tests.bot.platforms.slack.bench import MANIFEST

NEWER_THAN_THE_TYPE: Final = frozenset({"agent_session_stopped", "agent_session_title_changed"})
"""Events that Slack documents and its published manifest type (@slack/web-api 8.2.0) does not list yet."""

KNOWN_EVENTS = frozenset(
    {
        *("app_home_opened", "app_mention", "app_uninstalled", "message.channels", "message.groups"),
        *("message.im", "message.mpim", "reaction_added", "reaction_removed", "tokens_revoked"),
    }
)


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())
    return loaded


def test_it_keeps_slacks_limits(manifest: dict[str, Any]) -> None:
    assert len(manifest["display_information"]["name"]) <= 35
    assert len(manifest["display_information"]["description"]) <= 140
    assert len(manifest["features"]["agent_view"]["agent_description"]) <= 300
    assert len(manifest["features"]["agent_view"]["suggested_prompts"]) <= 4
    assert len(manifest["features"]["shortcuts"]) <= 10
    for shortcut in manifest["features"]["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_every_event_is_known_and_brings_its_scope(manifest: dict[str, Any]) -> None:
    events = set(manifest["settings"]["event_subscriptions"]["bot_events"])
    scopes = set(manifest["oauth_config"]["scopes"]["bot"])
    assert events <= KNOWN_EVENTS | NEWER_THAN_THE_TYPE
    needed = {"app_mention": "app_mentions:read", "reaction_added": "reactions:read"}
    needed |= {f"message.{kind}": f"{kind}:history" for kind in ("channels", "groups", "im", "mpim")}
    assert {scope for event, scope in needed.items() if event in events} <= scopes
    assert {"chat:write", "commands", "im:write"} <= scopes


def test_its_command_and_shortcuts_are_those_that_are_listened_to(manifest: dict[str, Any]) -> None:
    features = manifest["features"]
    assert [command["command"] for command in features["slash_commands"]] == [listeners.COMMAND]
    called = {shortcut["callback_id"] for shortcut in features["shortcuts"]}
    assert called == {listeners.ASK_ABOUT, listeners.SUMMARISE}


def test_it_is_an_agent_and_nothing_is_left_of_the_older_kind(manifest: dict[str, Any]) -> None:
    assert "agent_view" in manifest["features"]
    assert "assistant_view" not in manifest["features"]
    assert manifest["features"]["app_home"]["messages_tab_read_only_enabled"] is False


def test_the_page_leads_to_it() -> None:
    page = (Path(__file__).parents[4] / "docs" / "slack.md").read_text()
    named = re.search(r"`([^`]+manifest\.yaml)`", page)
    assert named is not None
    assert (Path(__file__).parents[4] / named[1]).samefile(MANIFEST)
