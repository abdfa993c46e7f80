"""What people do, and how the app hears of it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App as Bolt
from slack_sdk import WebClient

from bot.simulators.slack import App, Person, SlackError, SlackSimulator
from bot.simulators.slack.app import BOT_SCOPES
from bot.simulators.slack.state.channels import Channel
from tests.bot.simulators.slack.bolt_http import BoltServer
from tests.bot.simulators.slack.refusals import refusal

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(*blocks: Json, **more: Any) -> Json:
    reason = {"type": "plain_text_input", "action_id": "reason"}
    asking = {"type": "input", "block_id": "b", "label": plain("Why?"), "element": reason}
    return {
        "type": "modal",
        "callback_id": "why",
        "title": plain("Why"),
        "submit": plain("Send"),
        "blocks": [asking, *blocks],
        **more,
    }


def home(text: str) -> Json:
    return {"type": "home", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


class Told:
    """The events and interactions that reached the app."""

    def __init__(self, slack: SlackSimulator) -> None:
        self._slack = slack

    def events(self, kind: str) -> list[Json]:
        assert self._slack.settle()
        events = [
            receipt.payload["event"] for receipt in self._slack.receipts if receipt.kind == "events_api"
        ]
        return [event for event in events if event["type"] == kind]


@pytest.fixture
def told(slack: SlackSimulator, bolt: BoltServer) -> Told:
    slack.listen(bolt.url)
    return Told(slack)


@pytest.fixture
def bolt(slack: SlackSimulator, client: WebClient) -> Iterator[BoltServer]:
    app = Bolt(client=client, signing_secret=slack.app.signing_secret, process_before_response=True)
    app.event(re.compile(".*"))(lambda: None)

    def ask_why(ack: Any, body: Json) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal())

    def take(ack: Any, view: Json) -> None:
        given = view["state"]["values"]["b"]["reason"]["value"]
        if given == "none":
            ack(response_action="errors", errors={"b": "say more"})
        elif given == "more":
            ack(response_action="update", view=modal(title=plain("And?")))
        else:
            ack()

    app.action("thumbs")(ask_why)
    app.command("/ask")(ask_why)
    app.view("why")(take)
    with BoltServer(app) as server:
        yield server


def rated(client: WebClient, ana: Person, general: Channel) -> Any:
    buttons = {
        "type": "feedback_buttons",
        "action_id": "thumbs",
        "positive_button": {"text": plain("Good"), "value": "up"},
        "negative_button": {"text": plain("Bad"), "value": "down"},
    }
    client.chat_postMessage(
        channel=general.id, text="x", blocks=[{"type": "context_actions", "elements": [buttons]}]
    )
    return ana.sees(general)[-1]


def test_a_thumb_opens_a_modal_that_is_filled_in_corrected_and_sent(
    slack: SlackSimulator, client: WebClient, told: Told, ana: Person, general: Channel
) -> None:
    receipt = ana.press(rated(client, ana, general), "thumbs", "down")
    assert receipt.payload["actions"][0]["value"] == "down"
    assert ana.modal
    with pytest.raises(SlackError, match="missing_input"):
        ana.submit()
    assert ana.submit({"reason": "none"}).body["errors"] == {"b": "say more"}
    ana.submit({"reason": "more"})
    assert ana.modal.content["title"]["text"] == "And?"
    ana.submit({"reason": "stale"})
    assert ana.modal is None


def test_a_trigger_works_once_and_for_three_seconds(
    slack: SlackSimulator, client: WebClient, ana: Person
) -> None:
    trigger = slack.platform.triggers.issue(slack.workspace.id, ana.id)
    client.views_open(trigger_id=trigger, view=modal())
    assert refusal(client.views_open, trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    late = slack.platform.triggers.issue(slack.workspace.id, ana.id)
    slack.clock.advance(4)
    assert refusal(client.views_open, trigger_id=late, view=modal()) == "expired_trigger_id"
    assert refusal(client.views_open, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"


def test_three_modals_lie_above_one_another_and_no_fourth(
    slack: SlackSimulator, client: WebClient, ana: Person
) -> None:
    def trigger() -> str:
        return slack.platform.triggers.issue(slack.workspace.id, ana.id)

    client.views_open(trigger_id=trigger(), view=modal())
    for _ in range(2):
        client.views_push(trigger_id=trigger(), view=modal())
    assert refusal(client.views_push, trigger_id=trigger(), view=modal()) == "push_limit_reached"


def test_the_home_tab_is_published_for_one_person(
    slack: SlackSimulator, client: WebClient, told: Told, ana: Person
) -> None:
    ana.open_home()
    [opened] = told.events("app_home_opened")
    assert (opened["tab"], opened["user"], "view" in opened) == ("home", ana.id, False)
    view = client.views_publish(user_id=ana.id, view=home("one"))["view"]
    client.views_publish(user_id=ana.id, view=home("two"), hash=view["hash"])
    error = refusal(client.views_publish, user_id=ana.id, view=home("three"), hash=view["hash"])
    assert error == "hash_conflict"
    assert ana.home
    assert ana.home.content["blocks"][0]["text"]["text"] == "two"


def test_what_a_person_looks_at_is_told_as_context(told: Told, ana: Person, general: Channel) -> None:
    ana.look_at(general)
    [changed] = told.events("app_context_changed")
    assert [entity["value"] for entity in changed["context"]["entities"]] == [general.id]


def test_edits_and_previews_both_arrive_as_a_changed_message(
    slack: SlackSimulator, told: Told, ana: Person, general: Channel
) -> None:
    message = ana.say(general, "first")
    ana.edit(message, "second")
    slack.workspace.preview(message, [{"from_url": "https://a.example", "text": "A"}])
    hidden = [event for event in told.events("message") if event.get("hidden")]
    edit, preview = sorted(hidden, key=lambda event: event["event_ts"])
    assert (edit["previous_message"]["text"], edit["message"]["text"]) == ("first", "second")
    assert "edited" in edit["message"]
    assert preview["message"]["text"] == preview["previous_message"]["text"] == "second"
    assert preview["hidden"]


def test_a_deleted_message_is_gone_and_one_with_replies_leaves_a_tombstone(
    told: Told, client: WebClient, ana: Person, general: Channel
) -> None:
    alone = ana.say(general, "alone")
    ana.delete(alone)
    root = ana.say(general, "root")
    ana.say(general, "reply", thread=root)
    ana.delete(root)
    events = [event for event in told.events("message") if event.get("hidden")]
    gone, tombstone = sorted(events, key=lambda event: event["event_ts"])
    assert (gone["subtype"], gone["deleted_ts"]) == ("message_deleted", alone.ts)
    assert (tombstone["subtype"], tombstone["message"]["subtype"]) == ("message_changed", "tombstone")
    assert [message.text for message in ana.sees(general)] == ["This message was deleted."]


def test_reactions_arrive_with_whose_message_it_was(
    told: Told, client: WebClient, ana: Person, general: Channel
) -> None:
    posted = client.chat_postMessage(channel=general.id, text="x")
    [answer] = ana.sees(general)
    ana.react(answer, "+1")
    ana.unreact(answer, "+1")
    [added] = told.events("reaction_added")
    [removed] = told.events("reaction_removed")
    assert added["item"] == removed["item"] == {"type": "message", "channel": general.id, "ts": posted["ts"]}
    assert (added["user"], added["item_user"]) == (ana.id, answer.user)


def test_own_and_other_bots_messages_come_back(
    slack: SlackSimulator, told: Told, client: WebClient, ana: Person, general: Channel
) -> None:
    other = slack.person("Deploy Bot", is_bot=True)
    ana.invite(other.user, general)
    other.say(general, "@candor deployed")
    client.chat_postMessage(channel=general.id, text="hello")
    bots = {event.get("bot_id") for event in told.events("message")}
    assert bots >= {other.user.bot_id, slack.workspace.bot.bot_id}


def test_a_dm_has_no_mention_and_a_shared_channel_has_strangers(
    slack: SlackSimulator, told: Told, ana: Person
) -> None:
    ana.say(ana.direct(), "@candor hello")
    sam = slack.person("Sam", team="T0ELSEWHERE")
    shared = slack.workspace.channel("partners", ana.user, sam.user, shared_with=["T0ELSEWHERE"])
    sam.say(shared, "hello")
    assert told.events("app_mention") == []
    direct, partner = sorted(told.events("message"), key=lambda event: event["event_ts"])
    assert direct["channel_type"] == "im"
    assert (partner["user_team"], partner["channel_type"]) == ("T0ELSEWHERE", "channel")


def test_the_app_hears_nothing_from_where_it_is_not(
    slack: SlackSimulator, told: Told, ana: Person, general: Channel
) -> None:
    outside = slack.workspace.channel("outside", ana.user, with_bot=False)
    ana.say(outside, "@candor hello")
    ana.invite(slack.workspace.bot, outside)
    ana.say(outside, "now?")
    assert [event["text"] for event in told.events("message") if "subtype" not in event] == ["now?"]
    [joined] = told.events("member_joined_channel")
    assert (joined["user"], joined["inviter"]) == (slack.workspace.bot.id, ana.id)


def test_the_app_hears_nothing_that_its_scopes_do_not_cover() -> None:
    with SlackSimulator(App(scopes=BOT_SCOPES - {"channels:history"}), ack_seconds=0.05) as slack:
        ana = slack.person("Ana")
        ana.say(slack.workspace.channel("general", ana.user), "@candor hello")
        assert slack.settle()
        assert {receipt.payload["event"]["type"] for receipt in slack.receipts} == {"app_mention"}


def test_stop_names_the_streams_that_it_ended(
    told: Told, client: WebClient, ana: Person, general: Channel
) -> None:
    question = ana.say(general, "why?")
    ts = client.chat_startStream(
        channel=general.id,
        thread_ts=question.ts,
        markdown_text="x",
        recipient_team_id=ana.user.team,
        recipient_user_id=ana.id,
    )["ts"]
    ana.stop(question)
    [stopped] = told.events("agent_session_stopped")
    assert stopped["streaming_message_ts"] == [ts]
    assert (stopped["thread_ts"], stopped["user"]) == (question.ts, ana.id)


def test_an_uninstall_is_the_last_that_the_app_hears(
    slack: SlackSimulator, told: Told, ana: Person, general: Channel
) -> None:
    slack.uninstall(slack.workspace)
    ana.say(general, "hello?")
    assert len(told.events("app_uninstalled")) == 1
    [revoked] = told.events("tokens_revoked")
    assert revoked["tokens"]["bot"] == [slack.workspace.bot.id]
    assert told.events("message") == []


def test_a_command_or_shortcut_that_the_app_has_not_is_nobodys(
    slack: SlackSimulator, ana: Person, general: Channel
) -> None:
    with pytest.raises(SlackError, match="invalid_command"):
        ana.command(general, "/other")
    with pytest.raises(SlackError, match="invalid_shortcut"):
        ana.shortcut("summarise")


def test_shortcuts_hand_over_the_message_and_a_trigger() -> None:
    app = App(shortcuts={"sum": "message", "new": "global"})
    with SlackSimulator(app, ack_seconds=0.05) as slack:
        ana = slack.person("Ana")
        general = slack.workspace.channel("general", ana.user)
        message = ana.say(general, "long story")
        on_message = ana.shortcut("sum", message).payload
        anywhere = ana.shortcut("new").payload
    assert (on_message["type"], on_message["message"]["text"]) == ("message_action", "long story")
    assert (anywhere["type"], "trigger_id" in anywhere) == ("shortcut", True)


def test_an_interaction_that_nobody_acknowledges_is_not_tried_again(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    slack.courier.seconds = 0.05
    message = rated(client, ana, general)
    assert not ana.press(message, "thumbs", "up").acknowledged
    presses = [receipt for receipt in slack.receipts if receipt.kind == "interactive"]
    assert len(presses) == 1


def test_links_to_the_apps_own_domains_are_told_of() -> None:
    with SlackSimulator(App(unfurl_domains=frozenset({"docs.example"})), ack_seconds=0.05) as slack:
        ana = slack.person("Ana")
        ana.say(slack.workspace.channel("general", ana.user), "https://docs.example/a https://x.example")
        assert slack.settle()
        shared = [r.payload["event"] for r in slack.receipts if r.payload["event"]["type"] == "link_shared"]
    assert shared[0]["links"] == [{"url": "https://docs.example/a", "domain": "docs.example"}]


def test_payloads_are_plain_json(
    slack: SlackSimulator, told: Told, client: WebClient, ana: Person, general: Channel
) -> None:
    ana.press(rated(client, ana, general), "thumbs", "up")
    assert json.dumps([receipt.payload for receipt in slack.receipts])
