"""Socket Mode: with Slack's own client, and with bare sockets where its rules are at stake."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.simulators.slack import Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel

Json = dict[str, Any]
Opened = Callable[[], ClientConnection]


def received(connection: ClientConnection) -> Json:
    return dict(json.loads(connection.recv(timeout=10)))


@pytest.fixture
def opened(slack: SlackSimulator, client: WebClient) -> Iterator[Opened]:
    """Opens one more socket, up to its hello."""
    with ExitStack() as stack:

        def one() -> ClientConnection:
            before = len(slack.sockets)
            url = client.apps_connections_open(app_token=slack.app.app_token)["url"]
            connection = stack.enter_context(connect(str(url)))
            assert received(connection)["type"] == "hello"
            assert slack.sockets.wait(before + 1)
            return connection

        yield one


@pytest.fixture
def socket(opened: Opened) -> ClientConnection:
    return opened()


@contextmanager
def connected(bolt: App, slack: SlackSimulator) -> Iterator[None]:
    handler: Any = SocketModeHandler(bolt, slack.app.app_token)
    handler.connect()
    try:
        assert slack.sockets.wait()
        yield
    finally:
        handler.close()


def acknowledge(connection: ClientConnection, envelope: Json, **more: Any) -> None:
    connection.send(json.dumps({"envelope_id": envelope["envelope_id"], **more}))


def test_slacks_own_client_gets_events_buttons_and_commands_and_survives_a_refresh(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    heard: list[Json] = []
    bolt = App(client=client, signing_secret=slack.app.signing_secret, process_before_response=True)

    def hear(body: Json) -> None:
        heard.append(body)

    bolt.event("app_mention")(hear)
    bolt.event("message")(hear)
    bolt.command("/ask")(lambda ack, respond: (ack(), respond("thinking")))
    with connected(bolt, slack):
        ana.say(general, "@candor hello")
        assert slack.settle()
        assert {body["event"]["type"] for body in heard} == {"app_mention", "message"}
        assert ana.command(general, "/ask", "x").acknowledged
        assert slack.workspace.wait_for(lambda: ana.sees(general)[-1].text == "thinking")
        slack.sockets.refresh()
        assert slack.sockets.wait()
        ana.say(general, "still there?")
        assert slack.settle()
        assert heard[-1]["event"]["text"] == "still there?"
        assert all(receipt.acknowledged for receipt in slack.receipts)


def test_an_envelope_is_done_once_it_is_acknowledged(
    slack: SlackSimulator, socket: ClientConnection, ana: Person, general: Channel
) -> None:
    ana.say(general, "hello")
    envelope = received(socket)
    assert (envelope["type"], envelope["retry_attempt"]) == ("events_api", 0)
    acknowledge(socket, envelope)
    assert slack.settle()
    assert [receipt.acknowledged for receipt in slack.receipts] == [True]


def test_what_is_not_acknowledged_comes_again_under_the_same_event_id(
    slack: SlackSimulator, socket: ClientConnection, ana: Person, general: Channel
) -> None:
    slack.courier.seconds = 0.1
    ana.say(general, "hello")
    first, second = received(socket), received(socket)
    acknowledge(socket, second)
    assert slack.settle()
    assert (second["retry_attempt"], second["retry_reason"]) == (1, "timeout")
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    assert first["envelope_id"] != second["envelope_id"]


def test_what_a_lost_socket_took_comes_again_over_the_next(
    slack: SlackSimulator, opened: Opened, socket: ClientConnection, ana: Person, general: Channel
) -> None:
    ana.say(general, "hello")
    lost = received(socket)
    slack.sockets.drop()
    following = opened()
    again = received(following)
    acknowledge(following, again)
    assert slack.settle()
    assert again["payload"]["event_id"] == lost["payload"]["event_id"]
    assert [receipt.reason for receipt in slack.receipts] == ["connection_failed", ""]


def test_a_refresh_says_so_before_it_closes(slack: SlackSimulator, socket: ClientConnection) -> None:
    slack.sockets.refresh()
    message = received(socket)
    assert (message["type"], message["reason"]) == ("disconnect", "refresh_requested")
    with pytest.raises(ConnectionClosed):
        socket.recv(timeout=10)


def test_a_ticket_opens_one_socket(slack: SlackSimulator, client: WebClient) -> None:
    url = str(client.apps_connections_open(app_token=slack.app.app_token)["url"])
    with connect(url):
        assert slack.sockets.wait()
        with pytest.raises(InvalidStatus), connect(url):
            pass


def test_an_app_holds_ten_sockets_and_no_more(
    slack: SlackSimulator, client: WebClient, opened: Opened, ana: Person, general: Channel
) -> None:
    sockets = [opened() for _ in range(10)]
    url = str(client.apps_connections_open(app_token=slack.app.app_token)["url"])
    with connect(url) as eleventh:
        assert received(eleventh)["reason"] == "too_many_websockets"
    for _ in range(10):
        ana.say(general, "hello")
    for socket in sockets:
        acknowledge(socket, received(socket))
    assert slack.settle()
    assert len(slack.receipts) == 10


def test_an_acknowledgement_can_carry_an_answer(
    slack: SlackSimulator, client: WebClient, ana: Person, general: Channel
) -> None:
    bolt = App(client=client, signing_secret=slack.app.signing_secret, process_before_response=True)
    bolt.command("/ask")(lambda ack: ack({"text": "here", "response_type": "in_channel"}))
    with connected(bolt, slack):
        ana.command(general, "/ask")
    answer = ana.sees(general)[-1]
    assert (answer.text, answer.visible_to) == ("here", "")
