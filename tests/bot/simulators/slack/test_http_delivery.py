"""Signed HTTP, with Bolt at the other end."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.simulators.slack import Person, SlackError, SlackSimulator
from bot.simulators.slack.delivery.http import sign
from bot.simulators.slack.state.channels import Channel
from tests.bot.simulators.slack.bolt_http import BoltServer


@pytest.fixture
def heard() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def bolt(slack: SlackSimulator, client: WebClient, heard: list[dict[str, Any]]) -> Iterator[BoltServer]:
    app = App(client=client, signing_secret=slack.app.signing_secret, process_before_response=True)

    def hear(ack: Callable[[], None], body: dict[str, Any]) -> None:
        ack()
        heard.append(body)

    app.event("message")(hear)
    app.event("app_mention")(hear)
    app.action("go")(hear)
    app.command("/ask")(lambda ack, body: ack(f"asked {body['text']}"))
    with BoltServer(app) as server:
        yield server


def attempts(slack: SlackSimulator) -> list[tuple[int, str]]:
    return [(receipt.attempt, receipt.reason) for receipt in slack.receipts]


def arrived(slack: SlackSimulator, count: int) -> bool:
    return bool(slack.courier.wait_for(lambda receipts: len(receipts) >= count))


def test_a_mention_arrives_signed_and_twice_under_two_ids(
    slack: SlackSimulator, bolt: BoltServer, heard: list[dict[str, Any]], ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url)
    message = ana.say(general, "@candor hello")
    assert slack.settle()
    assert {body["event"]["type"] for body in heard} == {"message", "app_mention"}
    assert len({body["event_id"] for body in heard}) == 2
    assert {body["event"]["ts"] for body in heard} == {message.ts}
    assert all(receipt.acknowledged and receipt.seconds < 3 for receipt in slack.receipts)


def test_a_url_that_does_not_answer_the_challenge_is_not_taken(
    slack: SlackSimulator, bolt: BoltServer
) -> None:
    bolt.refuse_with = [(404, {})]
    with pytest.raises(SlackError, match="url_verification_failed"):
        slack.listen(bolt.url)


def test_a_wrong_signature_is_turned_away(
    slack: SlackSimulator, bolt: BoltServer, heard: list[dict[str, Any]], ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url, secret="guessed")
    ana.say(general, "hello")
    assert slack.settle()
    assert bolt.statuses[0] == 401
    assert not heard


def test_the_signature_is_slacks_own_example() -> None:
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signed = sign("8f742231b10e8888abcd99yyyzzz85a5", body, "1531420618")
    assert signed == "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


def test_bolt_refuses_a_stale_request_that_is_signed_rightly(slack: SlackSimulator, bolt: BoltServer) -> None:
    body = json.dumps({"type": "event_callback", "event": {"type": "message"}}).encode()
    stamp = str(int(time.time()) - 600)
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign(slack.app.signing_secret, body, stamp),
    }
    assert httpx.post(bolt.url, content=body, headers=headers).status_code == 401


def test_what_fails_is_tried_at_once_and_after_one_minute_and_five(
    slack: SlackSimulator, bolt: BoltServer, ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url)
    bolt.headers.clear()
    bolt.refuse_with = [(500, {})] * 4
    ana.say(general, "hello")
    assert slack.settle()
    assert attempts(slack) == [(0, "http_error"), (1, "http_error")]
    for seconds, count in ((60, 3), (300, 4), (3600, 4)):
        slack.clock.advance(seconds)
        assert arrived(slack, count)
    assert [attempt for attempt, _ in attempts(slack)] == [0, 1, 2, 3]
    assert len({receipt.event_id for receipt in slack.receipts}) == 1
    retries = [(head.get("x-slack-retry-num"), head.get("x-slack-retry-reason")) for head in bolt.headers]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


def test_an_app_that_says_no_retry_is_not_tried_again(
    slack: SlackSimulator, bolt: BoltServer, ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url)
    bolt.refuse_with = [(500, {"X-Slack-No-Retry": "1"})]
    ana.say(general, "hello")
    assert slack.settle()
    assert attempts(slack) == [(0, "http_error")]


def test_an_answer_that_comes_too_late_is_a_timeout_and_is_tried_again(
    slack: SlackSimulator, bolt: BoltServer, ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url)
    slack.courier.seconds = 0.2
    bolt.hold.clear()
    ana.say(general, "hello")
    assert arrived(slack, 2)
    assert attempts(slack) == [(0, "http_timeout"), (1, "http_timeout")]


def test_nobody_listening_is_a_failed_connection(
    slack: SlackSimulator, bolt: BoltServer, ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url)
    slack.listen("http://127.0.0.1:9/", secret="unverified")
    ana.say(general, "hello")
    assert slack.settle()
    assert attempts(slack)[0] == (0, "connection_failed")


def test_one_message_can_arrive_eleven_times_under_eleven_ids(
    slack: SlackSimulator, bolt: BoltServer, heard: list[dict[str, Any]], ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url)
    message = ana.say(general, "hello")
    slack.workspace.copies(message, 10)
    assert slack.settle()
    slack.replay(slack.receipts[0])
    assert slack.settle()
    assert len(heard) == 12
    assert len({body["event_id"] for body in heard}) == 11
    assert {body["event"]["ts"] for body in heard} == {message.ts}


def test_buttons_and_commands_are_forms_that_bolt_understands(
    slack: SlackSimulator, bolt: BoltServer, heard: list[dict[str, Any]], ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url)
    element = {
        "type": "button",
        "action_id": "go",
        "value": "v",
        "text": {"type": "plain_text", "text": "Go"},
    }
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    client.chat_postMessage(channel=general.id, text="x", blocks=[{"type": "actions", "elements": [element]}])
    assert ana.press(ana.sees(general)[0], "go").acknowledged
    [pressed] = [body for body in heard if body["type"] == "block_actions"]
    assert pressed["actions"][0]["value"] == "v"
    assert ana.command(general, "/ask", "me").acknowledged
    assert ana.sees(general)[-1].text == "asked me"
    assert ana.sees(general)[-1].visible_to == ana.id


def test_a_thousand_events_are_all_acknowledged(
    slack: SlackSimulator, bolt: BoltServer, heard: list[dict[str, Any]], ana: Person, general: Channel
) -> None:
    slack.listen(bolt.url)
    for n in range(1000):
        ana.say(general, str(n))
    assert slack.settle(60)
    assert len(heard) == 1000
    assert all(receipt.acknowledged for receipt in slack.receipts)
