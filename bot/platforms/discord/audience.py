"""Who can read a reply on Discord, as reader groups: servers', and those of their closed channels."""

from bot.platforms.discord.guilds import NOT_THERE, Guilds
from bot.platforms.discord.places import DIRECT, channel_group, guild_group
from core import log
from core.errors import CandorError
from core.messages import Address, Question

_log = log.get(__name__)

_SERVERS = 20
"""Servers that are looked through for somebody who writes in direct messages."""


def groups(question: Question, guilds: Guilds) -> tuple[str, ...]:
    """The groups beside those that the question brought with it.

    What cannot be found out is no group: then less is found, and nothing shown to anybody who may not see it.
    """
    here = question.address
    try:
        if here.workspace == DIRECT:
            servers = guilds.all()[:_SERVERS]
            return tuple(group for each in servers for group in _of_person(each, question.asker.id, guilds))
        if here.handle:
            return _of_person(here.workspace, question.asker.id, guilds)
        return _of_channel(here, guilds)
    except CandorError as error:
        _log.warning("answered from what everybody may read", error=str(error))
        return ()


def _of_person(server: str, person: str, guilds: Guilds) -> tuple[str, ...]:
    """What one member may read: what the server shares, and the closed channels that are open to them."""
    roles = guilds.roles(server, person)
    if roles is None:
        return ()
    guild = guilds.of(server)
    closed = (each for each in guild.channels if not guild.is_open(each))
    own = (channel_group(server, each) for each in closed if guild.may_view(each, person, roles))
    return (guild_group(server), *own)


def _of_channel(here: Address, guilds: Guilds) -> tuple[str, ...]:
    """Whoever looks into a channel is a member of its server."""
    try:
        is_open = guilds.of(here.workspace).is_open(here.channel)
    except NOT_THERE:
        return ()
    own = () if is_open else (channel_group(here.workspace, here.channel),)
    return (guild_group(here.workspace), *own)
