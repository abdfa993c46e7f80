"""The simulator carries discord.py's connections: lost, resumed, sharded, refused."""

from typing import Any

import discord
import pytest

from bot.simulators.discord import App, DiscordSimulator, Fault, Limit, Person
from bot.simulators.discord.rules import intents
from bot.simulators.discord.state.channels import Channel
from tests.bot.simulators.discord.clients import Client, Running

CREATE = "POST /channels/{channel_id}/messages"


def test_a_lost_connection_is_resumed_and_nothing_is_missed(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    ana.say(general, "before")
    client.next("message")
    for lose in (simulator.gateway.drop, simulator.gateway.cut, simulator.gateway.reconnect):
        count = len(client.all("message"))
        lose()
        ana.say(general, f"meanwhile {count}")
        client.next("message", count + 1)
    client.next("resumed", 3)
    contents = [message.content for message in client.all("message")]
    assert contents == ["before", "meanwhile 1", "meanwhile 2", "meanwhile 3"]
    assert len(client.all("ready")) == 1


def test_events_can_be_told_again_when_a_session_is_resumed(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    ana.say(general, "hello")
    client.next("message")
    simulator.gateway.terms.repeat = 1
    simulator.gateway.drop()
    client.next("resumed")
    assert [message.content for message in client.all("message")] == ["hello", "hello"]


def test_an_invalid_session_is_begun_anew(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    simulator.gateway.invalidate()
    assert simulator.gateway.wait(0)
    ana.say(general, "nobody hears this")
    client.next("ready", 2, seconds=20)
    ana.say(general, "hello again")
    assert client.next("message").content == "hello again"


@pytest.mark.parametrize("code", [4004, 4013])
def test_a_fatal_code_ends_the_client(
    client: Client, running: Running, simulator: DiscordSimulator, code: int
) -> None:
    simulator.gateway.drop(code)
    failure = running.ended()
    assert isinstance(failure, discord.ConnectionClosed)
    assert failure.code == code


def test_an_intent_that_was_not_granted_ends_the_client() -> None:
    with DiscordSimulator(App(intents=intents.GUILD_MEMBERS)) as simulator:
        client = Client()
        with Running(client, simulator) as running:
            assert isinstance(running.ended(), discord.PrivilegedIntentsRequired)
        assert [finding.rule for finding in simulator.findings] == ["gateway 4014"]


def test_a_wrong_token_is_no_login(client: Client) -> None:
    with DiscordSimulator() as simulator, DiscordSimulator(App(token="another")) as other:
        running = Running(client, simulator)
        running._simulator = other
        other.world.app = simulator.app
        with running:
            assert isinstance(running.ended(), discord.LoginFailure)


def test_a_client_that_shards_itself_gets_every_guild_once(simulator: DiscordSimulator) -> None:
    simulator.gateway.terms.shards = 2
    simulator.clock.advance(0.001)
    while int(simulator.world.add_guild("Other").id) >> 22 & 1 == int(simulator.guild.id) >> 22 & 1:
        simulator.clock.advance(0.001)
    client = discord.AutoShardedClient(intents=discord.Intents.default(), guild_ready_timeout=0.05)
    with Running(client, simulator) as running:
        assert simulator.gateway.wait(2, seconds=20)
        running.call(client.wait_until_ready)
        shards = {guild.id: guild.shard_id for guild in client.guilds}
    assert len(shards) == len(simulator.world.guilds)
    assert set(shards.values()) == {0, 1}


async def burst(channel: Any, count: int) -> None:
    for n in range(count):
        await channel.send(str(n))


def test_the_buckets_headers_keep_it_from_ever_being_refused(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    simulator.limits.set(CREATE, Limit(2, 0.3))
    running.call(burst, client.get_channel(int(general.id)), 5)
    assert [message.content for message in ana.sees(general)] == list("01234")
    assert simulator.findings == []


@pytest.mark.parametrize("fault", [Fault(429, scope="global"), Fault(429, scope="shared"), Fault(502)])
def test_a_refusal_is_waited_out_and_tried_again(
    running: Running, simulator: DiscordSimulator, ana: Person, general: Channel, fault: Fault
) -> None:
    simulator.api.fail(CREATE, fault)
    running.call(burst, running.client.get_channel(int(general.id)), 1)
    assert [message.content for message in ana.sees(general)] == ["0"]
    assert [request.status for request in simulator.calls(CREATE)] == [fault.status, 200]


def test_a_lost_answer_is_repeated_under_one_nonce(
    client: Client, running: Running, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    simulator.api.fail(CREATE, Fault(502, done=True))
    running.call(burst, client.get_channel(int(general.id)), 1)
    assert len(simulator.calls(CREATE)) == 2
    assert len(ana.sees(general)) == 1
