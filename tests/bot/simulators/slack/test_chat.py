import json

import pytest
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.simulators.slack import Limit, Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel
from tests.bot.simulators.slack.refusals import refusal


def test_a_posted_message_is_seen_where_it_was_posted(
    client: WebClient, ana: Person, general: Channel
) -> None:
    root = client.chat_postMessage(channel=general.id, text="hello")
    client.chat_postMessage(channel=general.id, text="below", thread_ts=root["ts"])
    [seen] = ana.sees(general)
    assert seen.text == "hello"
    assert [message.text for message in ana.sees(general, seen)] == ["hello", "below"]


def test_the_record_holds_the_arguments_with_form_encoding_undone(
    slack: SlackSimulator, client: WebClient, general: Channel
) -> None:
    blocks = [{"type": "divider"}]
    client.chat_postMessage(channel=general.id, text="x", blocks=blocks, unfurl_links=False)
    [request] = slack.calls("chat.postMessage")
    assert request.body == {"channel": general.id, "text": "x", "blocks": blocks, "unfurl_links": False}
    assert request.token == slack.bot_token
    assert request.answer["ok"]


def test_posting_keeps_slacks_rules_of_place(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    outside = slack.workspace.channel("outside", ana.user, with_bot=False)
    hidden = slack.workspace.channel("hidden", ana.user, private=True, with_bot=False)
    slack.workspace.archive(general)
    assert refusal(client.chat_postMessage, channel=outside.id, text="x") == "not_in_channel"
    assert refusal(client.chat_postMessage, channel=hidden.id, text="x") == "channel_not_found"
    assert refusal(client.chat_postMessage, channel=general.id, text="x") == "is_archived"
    assert refusal(client.chat_postMessage, channel="C123", text="x") == "channel_not_found"


def test_a_reply_needs_a_message_to_stand_below(client: WebClient, general: Channel) -> None:
    error = refusal(client.chat_postMessage, channel=general.id, text="x", thread_ts="1.000001")
    assert error == "thread_not_found"


def test_an_update_replaces_text_and_keeps_blocks_that_are_not_given(
    client: WebClient, ana: Person, general: Channel
) -> None:
    posted = client.chat_postMessage(channel=general.id, text="a", blocks=[{"type": "divider"}])
    client.chat_update(channel=general.id, ts=posted["ts"], text="b")
    [seen] = ana.sees(general)
    assert (seen.text, seen.earlier, [block["type"] for block in seen.blocks]) == ("b", ["a"], ["divider"])
    client.chat_update(channel=general.id, ts=posted["ts"], text="b", blocks=[])
    assert ana.sees(general)[0].blocks == []


def test_only_own_messages_are_changed_or_deleted(client: WebClient, ana: Person, general: Channel) -> None:
    hers = ana.say(general, "mine")
    assert refusal(client.chat_update, channel=general.id, ts=hers.ts, text="x") == "cant_update_message"
    assert refusal(client.chat_delete, channel=general.id, ts=hers.ts) == "cant_delete_message"
    assert refusal(client.chat_delete, channel=general.id, ts="1.000001") == "message_not_found"


def test_an_update_takes_four_thousand_bytes_of_text(client: WebClient, general: Channel) -> None:
    ts = client.chat_postMessage(channel=general.id, text="a")["ts"]
    client.chat_update(channel=general.id, ts=ts, text="x" * 4000)
    assert refusal(client.chat_update, channel=general.id, ts=ts, text="é" * 2001) == "msg_too_long"


def test_text_beyond_forty_thousand_characters_is_cut_off(
    client: WebClient, ana: Person, general: Channel
) -> None:
    client.chat_postMessage(channel=general.id, text="x" * 40_001)
    assert len(ana.sees(general)[0].text) == 40_000


def test_an_ephemeral_message_is_seen_by_one_person_and_by_no_history(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    ben = slack.person("Ben")
    assert (
        refusal(client.chat_postEphemeral, channel=general.id, user=ben.id, text="x") == "user_not_in_channel"
    )
    ben.join(general)
    client.chat_postEphemeral(channel=general.id, user=ben.id, text="psst")
    assert "psst" in [message.text for message in ben.sees(general)]
    assert "psst" not in [message.text for message in ana.sees(general)]
    assert "psst" not in json.dumps(client.conversations_history(channel=general.id).data)


@pytest.mark.parametrize(
    ("arguments", "ping"),
    [
        ({"text": "<!channel> look"}, "!channel"),
        ({"text": "ask <@U123>"}, "@U123"),
        ({"text": "x", "blocks": [{"type": "markdown", "text": "`<!here>`"}]}, "!here"),
        ({"text": "ask <!subteam^S1|experts>"}, "!subteam^S1"),
        ({"text": "@everyone", "link_names": True}, "!everyone"),
        ({"text": "x", "attachments": [{"text": "<!everyone>"}]}, "!everyone"),
    ],
)
def test_a_ping_is_noticed_on_every_way_into_a_message(
    arguments: dict[str, object], ping: str, client: WebClient, ana: Person, general: Channel
) -> None:
    client.api_call("chat.postMessage", json={"channel": general.id, **arguments})
    assert ana.sees(general)[0].pings == {ping}


def test_escaped_and_plain_mentions_ping_nobody(client: WebClient, ana: Person, general: Channel) -> None:
    header = {"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}}
    client.chat_postMessage(channel=general.id, text="&lt;!channel&gt; @here", blocks=[header])
    assert not ana.sees(general)[0].pings


def test_links_unfurl_unless_both_kinds_are_switched_off(
    client: WebClient, ana: Person, general: Channel
) -> None:
    text = "see <https://a.example/x|this>"
    client.chat_postMessage(channel=general.id, text=text, unfurl_links=False)
    client.chat_postMessage(channel=general.id, text=text, unfurl_links=False, unfurl_media=False)
    assert [message.unfurls for message in ana.sees(general)] == [("https://a.example/x",), ()]


def test_a_channel_takes_a_short_burst_and_then_one_message_a_second(
    slack: SlackSimulator, client: WebClient, general: Channel
) -> None:
    for _ in range(10):
        client.chat_postMessage(channel=general.id, text="x")
    assert refusal(client.chat_postMessage, channel=general.id, text="x") == "ratelimited"
    limited = slack.requests[-1]
    assert limited.status == 429
    slack.clock.advance(1)
    client.chat_postMessage(channel=general.id, text="x")


def test_a_refusal_on_request_names_the_seconds_to_wait(
    slack: SlackSimulator, client: WebClient, general: Channel
) -> None:
    slack.limits.refuse("chat.update", retry_after=30)
    ts = client.chat_postMessage(channel=general.id, text="x")["ts"]
    assert refusal(client.chat_update, channel=general.id, ts=ts, text="y") == "ratelimited"
    assert client.chat_update(channel=general.id, ts=ts, text="y")["ok"]


def test_a_method_can_be_given_a_limit_of_its_own(slack: SlackSimulator, client: WebClient) -> None:
    slack.limits.set("auth.test", Limit(per_minute=1, burst=1))
    client.auth_test()
    assert refusal(client.auth_test) == "ratelimited"
    slack.limits.set("auth.test", None)
    client.auth_test()


def test_metadata_is_shown_to_those_who_ask_for_it(client: WebClient, general: Channel) -> None:
    metadata = {"event_type": "turn", "event_payload": {"id": "7"}}
    client.chat_postMessage(channel=general.id, text="x", metadata=metadata)
    plain = client.conversations_history(channel=general.id)["messages"][0]
    asked = client.conversations_history(channel=general.id, include_all_metadata=True)["messages"][0]
    assert "metadata" not in plain
    assert asked["metadata"] == metadata


def test_another_name_needs_a_scope_of_its_own(client: WebClient, general: Channel) -> None:
    error = refusal(client.chat_postMessage, channel=general.id, text="x", username="Boss")
    assert error == "missing_scope"


def test_a_response_url_works_five_times_and_for_half_an_hour(
    slack: SlackSimulator, ana: Person, general: Channel
) -> None:
    def fresh() -> WebhookClient:
        name = slack.platform.triggers.response_url(slack.workspace.id, general.id, ana.id)
        return WebhookClient(f"{slack.url}/responses/{name}")

    url = fresh()
    assert [url.send(text=str(n)).status_code for n in range(6)] == [200] * 5 + [404]
    late = fresh()
    slack.clock.advance(1801)
    assert late.send(text="late").status_code == 404
    assert [message.visible_to for message in ana.sees(general)] == [ana.id] * 5


def test_a_response_can_replace_and_delete_what_was_pressed(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    client.chat_postEphemeral(channel=general.id, user=ana.id, text="sure?")
    [asked] = ana.sees(general)
    name = slack.platform.triggers.response_url(slack.workspace.id, general.id, ana.id, asked.ts)
    url = WebhookClient(f"{slack.url}/responses/{name}")
    assert url.send(text="done", replace_original=True).status_code == 200
    assert [message.text for message in ana.sees(general)] == ["done"]
    assert url.send(text="", response_type="in_channel").status_code == 400
    assert url.send(delete_original=True).status_code == 200
    assert ana.sees(general) == []


def test_a_preview_is_put_under_a_message_that_carries_the_link(
    client: WebClient, ana: Person, general: Channel
) -> None:
    message = ana.say(general, "see https://docs.example/a")
    unfurls = {"https://docs.example/a": {"text": "A page"}}
    client.chat_unfurl(channel=general.id, ts=message.ts, unfurls=unfurls)
    assert message.preview == [{"from_url": "https://docs.example/a", "text": "A page"}]
    other = {"https://other.example": {"text": "x"}}
    assert (
        refusal(client.chat_unfurl, channel=general.id, ts=message.ts, unfurls=other) == "cannot_unfurl_url"
    )
