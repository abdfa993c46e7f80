"""What people can do, and what Discord's own client would not let them."""

import pytest

from bot.simulators.discord import DiscordError, DiscordSimulator, Person
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.state.channels import Channel, Overwrite


def test_names_become_mentions_and_ping(simulator: DiscordSimulator, ana: Person, general: Channel) -> None:
    bob = simulator.person("Bob Stone")
    role = simulator.role("ops")
    message = ana.say(general, "@candor @bob.stone @ops @nobody a@b.example")
    assert message.content == f"<@{simulator.app.id}> <@{bob.id}> <@&{role.id}> @nobody a@b.example"
    assert message.pings.users == {simulator.app.id, bob.id}
    assert message.pings.roles == {role.id}


def test_everybody_is_pinged_by_those_who_may(
    simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    assert ana.say(general, "@everyone").pings.everyone
    simulator.world.overwrite(general, Overwrite(simulator.guild.id, 0, deny=permissions.MENTION_EVERYONE))
    assert not ana.say(general, "@everyone").pings


def test_a_reply_pings_unless_it_is_quiet(simulator: DiscordSimulator, ana: Person, general: Channel) -> None:
    bob = simulator.person("Bob")
    message = ana.say(general, "hello")
    assert bob.reply(message, "hi").pings.users == {ana.id}
    assert not bob.reply(message, "hi", ping=False).pings


def test_people_change_only_what_is_theirs(
    simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    bob = simulator.person("Bob")
    message = ana.say(general, "mine")
    with pytest.raises(DiscordError, match="50005"):
        bob.edit(message, "yours")
    with pytest.raises(DiscordError, match="50013"):
        bob.delete(message)
    ana.edit(message, "still mine")
    assert (message.content, message.earlier) == ("still mine", ["mine"])
    simulator.person("Boss", admin=True).delete(message)
    assert simulator.world.deleted == [message]


def test_strangers_see_nothing(simulator: DiscordSimulator, general: Channel) -> None:
    sam = simulator.person("Sam", stranger=True)
    with pytest.raises(DiscordError, match="50001"):
        sam.say(general, "hello")


def test_a_button_that_is_not_there_cannot_be_pressed(ana: Person, general: Channel) -> None:
    with pytest.raises(DiscordError, match="no component"):
        ana.press(ana.say(general, "plain"), "yes")


def test_ids_grow_and_carry_their_time(simulator: DiscordSimulator, ana: Person, general: Channel) -> None:
    ids = [int(ana.say(general, str(n)).id) for n in range(100)]
    assert ids == sorted(set(ids))
    simulator.clock.advance(60)
    later = int(ana.say(general, "later").id)
    assert 59_000 < (later >> 22) - (ids[-1] >> 22) < 120_000
