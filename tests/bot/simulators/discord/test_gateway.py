"""The gateway with bare sockets, where its rules are at stake."""

import json
import zlib
from typing import Any

import httpx
import pytest

from bot.simulators.discord import DiscordSimulator, Person
from bot.simulators.discord.rules import intents
from bot.simulators.discord.state.channels import Channel
from tests.bot.simulators.discord.sockets import Sockets, closed, identify, received, send, until

Json = dict[str, Any]


def test_a_session_begins_with_hello_ready_and_its_guilds(
    sockets: Sockets, simulator: DiscordSimulator
) -> None:
    socket = sockets.open()
    assert received(socket) == {"op": 10, "d": {"heartbeat_interval": 41250}, "s": None, "t": None}
    send(socket, 1, None)
    assert received(socket)["op"] == 11
    identify(socket, simulator.app)
    ready = received(socket)
    assert (ready["t"], ready["s"], ready["d"]["guilds"][0]["unavailable"]) == ("READY", 1, True)
    created = received(socket)
    assert (created["t"], created["d"]["id"]) == ("GUILD_CREATE", simulator.guild.id)


def test_zlib_is_one_stream_for_the_whole_connection(sockets: Sockets, simulator: DiscordSimulator) -> None:
    socket = sockets.open("v=10&encoding=json&compress=zlib-stream")
    identify(socket, simulator.app)
    inflate = zlib.decompressobj()
    names = []
    for _ in range(3):
        data = socket.recv(timeout=10)
        assert isinstance(data, bytes)
        assert data.endswith(b"\x00\x00\xff\xff")
        names.append(json.loads(inflate.decompress(data))["t"])
    assert names == [None, "READY", "GUILD_CREATE"]


def test_a_session_is_resumed_from_the_last_event_that_it_knows(
    sockets: Sockets, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    first, ready = sockets.ready()
    ana.say(general, "one")
    known = until(first, "MESSAGE_CREATE")["s"]
    simulator.gateway.drop()
    for text in ("two", "three"):
        ana.say(general, text)
    second = sockets.open()
    resume = {"token": simulator.app.token, "session_id": ready["session_id"], "seq": known}
    send(second, 6, resume)
    missed = [until(second, "MESSAGE_CREATE") for _ in range(2)]
    assert [event["d"]["content"] for event in missed] == ["two", "three"]
    assert [event["s"] for event in missed] == [known + 1, known + 2]
    assert received(second)["t"] == "RESUMED"
    third = sockets.open()
    send(third, 6, {**resume, "seq": 1000})
    assert closed(third) == 4007


def test_a_session_that_is_over_or_too_old_cannot_be_resumed(
    sockets: Sockets, simulator: DiscordSimulator
) -> None:
    resume = {"token": simulator.app.token, "session_id": "unknown", "seq": 1}
    stranger = sockets.open()
    send(stranger, 6, resume)
    assert [received(stranger)["op"] for _ in range(2)] == [10, 9]
    left, ready = sockets.ready()
    left.close(1000)
    assert simulator.gateway.wait(0)
    again = sockets.open()
    send(again, 6, {**resume, "session_id": ready["session_id"]})
    assert [received(again)["op"] for _ in range(2)] == [10, 9]
    _, other = sockets.ready()
    simulator.gateway.cut()
    simulator.clock.advance(600)
    late = sockets.open()
    send(late, 6, {**resume, "session_id": other["session_id"]})
    assert [received(late)["op"] for _ in range(2)] == [10, 9]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"intents": 1 << 40}, 4013),
        ({"intents": intents.GUILD_PRESENCES}, 4014),
        ({"shard": [2, 2]}, 4010),
    ],
)
def test_a_wrong_identify_is_fatal(
    sockets: Sockets, simulator: DiscordSimulator, more: Json, code: int
) -> None:
    socket = sockets.open()
    identify(socket, simulator.app, **({"wanted": more.pop("intents")} if "intents" in more else {}), **more)
    assert closed(socket) == code
    assert [finding.rule for finding in simulator.findings] == [f"gateway {code}"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", 4002),
        ('{"d": 1}', 4002),
        ('{"op": 99}', 4001),
        ('{"op": 3, "d": {}}', 4003),
        (json.dumps({"op": 1, "d": "x" * 4096}), 4002),
    ],
)
def test_what_the_gateway_does_not_understand_ends_the_connection(
    sockets: Sockets, text: str, code: int
) -> None:
    socket = sockets.open()
    socket.send(text)
    assert closed(socket) == code


def test_identifying_twice_ends_the_connection(sockets: Sockets, simulator: DiscordSimulator) -> None:
    socket, _ = sockets.ready()
    identify(socket, simulator.app)
    assert closed(socket) == 4005


def test_only_version_ten_and_json_are_spoken(sockets: Sockets) -> None:
    assert closed(sockets.open("v=6&encoding=json")) == 4012
    assert closed(sockets.open("v=10&encoding=etf")) == 4002


def test_a_hundred_and_twenty_payloads_a_minute_are_enough(sockets: Sockets) -> None:
    socket = sockets.open()
    for _ in range(121):
        send(socket, 1, None)
    assert closed(socket) == 4008


def test_who_sends_no_heartbeat_is_gone(sockets: Sockets, simulator: DiscordSimulator) -> None:
    simulator.gateway.terms.heartbeat = 0.05
    assert closed(sockets.open()) == 4009


def test_a_dead_connection_acknowledges_nothing(sockets: Sockets, simulator: DiscordSimulator) -> None:
    socket, _ = sockets.ready()
    simulator.gateway.terms.deaf = True
    send(socket, 1, None)
    simulator.gateway.reconnect()
    assert received(socket)["op"] == 7


def test_sessions_that_begin_too_fast_are_not_begun(sockets: Sockets, simulator: DiscordSimulator) -> None:
    simulator.gateway.terms.starts_at_once = 1
    sockets.ready()
    second = sockets.open()
    identify(second, simulator.app)
    assert [received(second)["op"] for _ in range(2)] == [10, 9]
    assert [finding.rule for finding in simulator.findings] == ["gateway session start"]
    simulator.clock.advance(5.1)
    identify(second, simulator.app)
    assert until(second, "READY")


def test_too_many_guilds_ask_for_shards(sockets: Sockets, simulator: DiscordSimulator) -> None:
    simulator.gateway.terms.guilds_of_a_shard = 1
    simulator.world.add_guild("Another")
    socket = sockets.open()
    identify(socket, simulator.app)
    assert closed(socket) == 4011


def test_gateway_bot_says_where_and_how_many(
    http: httpx.Client, sockets: Sockets, simulator: DiscordSimulator
) -> None:
    sockets.ready()
    told = http.get("/gateway/bot").json()
    assert (told["url"], told["shards"]) == (simulator.gateway_url, 1)
    assert told["session_start_limit"]["remaining"] == 999
    assert httpx.get(f"{simulator.api_url}/gateway").json() == {"url": simulator.gateway_url}
