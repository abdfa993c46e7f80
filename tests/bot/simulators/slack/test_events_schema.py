"""Events as Slack's own types have them, where the schemas made from those lie beside the checkout."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft7Validator
from slack_sdk import WebClient

from bot.simulators.slack import Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel

SCHEMAS: Final = Path(__file__).parents[5] / "shared" / "schemas" / "events.schema.json"

NEWER_THAN_THE_TYPES: Final = frozenset(
    {"app_id", "streaming_state", "timestamp", "file_access", "tombstone", "view"}
)
"""What Slack's pages have in messages, files and `app_home_opened`, and its published types have not.

A Home tab's `view` has its id, hash and state there; the type is that of a view which is not shown yet.
"""

NAMES: Final = {
    "": "GenericMessageEvent",
    "channel_join": "ChannelJoinMessageEvent",
    "file_share": "FileShareMessageEvent",
    "me_message": "MeMessageEvent",
    "message_changed": "MessageChangedEvent",
    "message_deleted": "MessageDeletedEvent",
    "thread_broadcast": "ThreadBroadcastMessageEvent",
}


def without_newer(node: Any) -> Any:
    if isinstance(node, list):
        return [without_newer(each) for each in node]
    if isinstance(node, dict):
        return {name: without_newer(each) for name, each in node.items() if name not in NEWER_THAN_THE_TYPES}
    return node


def with_places(event: dict[str, Any]) -> dict[str, Any]:
    """The event, with its place in the messages within it: the types want it there, and Slack has it once."""
    where = {name: event[name] for name in ("channel", "channel_type", "event_ts") if name in event}
    inside = {name: where | event[name] for name in ("message", "previous_message", "root") if name in event}
    return event | inside


def problems(event: dict[str, Any]) -> list[str]:
    """What is wrong with an event; nothing where there are no schemas to tell."""
    if not SCHEMAS.is_file():
        return []
    definitions = json.loads(SCHEMAS.read_text())["definitions"]
    words = "".join(part.capitalize() for part in event["type"].split("_"))
    name = NAMES[event.get("subtype", "")] if event["type"] == "message" else f"{words}Event"
    validator = Draft7Validator({"definitions": definitions, "$ref": f"#/definitions/{name}"})
    return [
        f"{name}: {error.json_path}: {error.message[:300]}"
        for error in validator.iter_errors(without_newer(with_places(event)))
    ]


@pytest.fixture
def events(slack: SlackSimulator, ana: Person, general: Channel, client: WebClient) -> list[dict[str, Any]]:
    """Everything that an app hears on a busy day, as nobody acknowledges it."""
    ben = slack.person("Ben")
    question = ana.say(general, "@candor see https://example.com")
    ana.say(general, "and this", thread=question)
    ana.say(general, "all of you", thread=question, broadcast=True)
    ana.say(general, "a file", files={"rules.txt": b"Be kind."})
    ana.say(general, "waves", subtype="me_message")
    ana.say(ana.direct(), "hello")
    ana.edit(question, "@candor see this")
    ana.react(question, "+1")
    ana.unreact(question, "+1")
    ana.invite(ben.user, general)
    ben.leave(general)
    ana.look_at(general)
    ana.open_home()
    client.chat_startStream(
        channel=general.id,
        thread_ts=question.ts,
        recipient_team_id=slack.workspace.id,
        recipient_user_id=ana.id,
        markdown_text="The",
    )
    client.api_call(
        "assistant.threads.setTitle",
        json={"channel_id": general.id, "thread_ts": question.ts, "title": "Keys"},
    )
    ana.stop(question)
    posted = client.chat_postMessage(channel=general.id, text="done")
    client.chat_delete(channel=general.id, ts=str(posted["ts"]))
    slack.uninstall(slack.workspace)
    assert slack.settle()
    return [receipt.payload["event"] for receipt in slack.receipts if receipt.attempt == 0]


def test_every_event_is_one_of_slacks_own(events: list[dict[str, Any]]) -> None:
    kinds = {(event["type"], event.get("subtype", "")) for event in events}
    assert {("message", name) for name in NAMES} <= kinds
    assert {
        *("agent_session_stopped", "agent_session_title_changed", "app_context_changed", "app_home_opened"),
        *("app_mention", "app_uninstalled", "member_joined_channel", "member_left_channel"),
        *("reaction_added", "reaction_removed", "tokens_revoked"),
    } <= {kind for kind, _ in kinds}
    wrong = [problem for event in events for problem in problems(event)]
    assert not wrong, "\n".join(wrong)


def test_a_call_is_kept_as_it_came(slack: SlackSimulator, ana: Person, client: WebClient) -> None:
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Why"},
        "blocks": [
            {
                "type": "section",
                "text": {"type": "plain_text", "text": "Because"},
                "accessory": {"type": "button", "text": {"type": "plain_text", "text": "So"}},
            },
            {
                "type": "actions",
                "elements": [{"type": "button", "text": {"type": "plain_text", "text": "I"}}],
            },
        ],
    }
    sent = json.dumps(view)
    trigger = slack.platform.triggers.issue(slack.workspace.id, ana.id)
    opened = client.views_open(trigger_id=trigger, view=view)
    client.views_update(view_id=opened["view"]["id"], view=view)
    for method in ("views.open", "views.update"):
        (call,) = slack.calls(method)
        assert call.body["view"] == json.loads(sent)
