"""Who is told of what, and in which order."""

from typing import Any

import pytest

from bot.simulators.discord import DiscordSimulator, Person
from bot.simulators.discord.rules import intents
from bot.simulators.discord.state.channels import Channel
from tests.bot.simulators.discord.sockets import Sockets, identify, received, send, until

Json = dict[str, Any]


def test_only_what_was_asked_for_is_told(
    sockets: Sockets, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    socket, _ = sockets.ready(intents.GUILDS | intents.GUILD_MESSAGE_REACTIONS)
    message = ana.say(general, "unheard")
    ana.say(ana.direct(), "unheard")
    ana.type(general)
    ana.react(message, "👍")
    told = received(socket)
    assert (told["t"], told["d"]["emoji"]["name"]) == ("MESSAGE_REACTION_ADD", "👍")


def test_members_are_told_to_who_asked_for_them(
    sockets: Sockets, simulator: DiscordSimulator, ana: Person
) -> None:
    def members(wanted: int) -> set[str]:
        socket = sockets.open()
        identify(socket, simulator.app, wanted)
        created = until(socket, "GUILD_CREATE")["d"]
        return {member["user"]["id"] for member in created["members"]}

    assert members(intents.GUILDS) == {simulator.app.id}
    assert members(intents.GUILDS | intents.GUILD_MEMBERS) == {simulator.app.id, ana.id}


def test_nothing_is_told_of_what_the_bot_cannot_see(
    sockets: Sockets, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    socket, _ = sockets.ready()
    hidden = simulator.channel("hidden", with_bot=False)
    ana.say(hidden, "unheard")
    secret = ana.open_thread(general, "secret", private=True)
    ana.say(secret, "unheard too")
    ana.invite(simulator.world.bot, secret)
    ana.say(secret, "heard")
    assert until(socket, "THREAD_CREATE")["d"]["member"]["user_id"] == simulator.app.id
    assert until(socket, "MESSAGE_CREATE")["d"]["content"] == "heard"


def test_what_is_held_back_comes_in_its_order(
    sockets: Sockets, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    socket, _ = sockets.ready()
    simulator.gateway.hold()
    for text in ("one", "two"):
        ana.say(general, text)
    with pytest.raises(TimeoutError):
        socket.recv(timeout=0.1)
    simulator.gateway.release()
    assert [until(socket, "MESSAGE_CREATE")["d"]["content"] for _ in range(2)] == ["one", "two"]


def test_two_sessions_of_one_token_both_hear_everything(
    sockets: Sockets, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    both = [sockets.ready()[0] for _ in range(2)]
    assert simulator.gateway.wait(2)
    ana.say(general, "twice")
    assert [until(socket, "MESSAGE_CREATE")["d"]["content"] for socket in both] == ["twice", "twice"]


def test_members_are_told_on_request(sockets: Sockets, simulator: DiscordSimulator, ana: Person) -> None:
    socket, _ = sockets.ready()
    send(socket, 8, {"guild_id": simulator.guild.id, "query": "an", "limit": 10, "nonce": "n"})
    chunk = until(socket, "GUILD_MEMBERS_CHUNK")["d"]
    assert ([one["user"]["id"] for one in chunk["members"]], chunk["nonce"]) == ([ana.id], "n")


def test_roles_that_come_and_go_are_told_to_who_asked_for_members(
    sockets: Sockets, simulator: DiscordSimulator, ana: Person
) -> None:
    socket, _ = sockets.ready(intents.GUILDS | intents.GUILD_MEMBERS)
    role = simulator.role("ops")
    assert until(socket, "GUILD_ROLE_CREATE")["d"]["role"]["id"] == role.id
    simulator.world.join(simulator.guild, ana.user, role)
    assert until(socket, "GUILD_MEMBER_UPDATE")["d"]["roles"] == [role.id]
    simulator.world.take_role(simulator.guild, ana.user, role)
    assert until(socket, "GUILD_MEMBER_UPDATE")["d"]["roles"] == []
    simulator.world.leave(simulator.guild, ana.user)
    assert until(socket, "GUILD_MEMBER_REMOVE")["d"]["user"]["id"] == ana.id
    simulator.world.remove_bot(simulator.guild)
    assert until(socket, "GUILD_DELETE")["d"] == {"id": simulator.guild.id}
