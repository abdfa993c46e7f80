"""Discord's places as addresses: guilds, channels, threads, and the promise of an interaction."""

from collections.abc import Mapping
from typing import Any

from bot.platforms.discord import PLATFORM
from core.messages import Address

DIRECT = "@me"
"""The workspace of direct messages, as Discord's own links name it."""

ROLE = "role_"
"""What the name of a role begins with where experts are named; that of a channel is its id alone."""

_CHAIN = "reply:"


def chain(message: str) -> str:
    """The thread of a conversation that goes on by replies in a channel, from its first message."""
    return f"{_CHAIN}{message}"


def channel_of(address: Address) -> str:
    """The id to post to: the thread's where it is one of Discord's, else the channel's."""
    return address.thread if address.thread.isdecimal() else address.channel


def message_at(address: Address, sent: Mapping[str, Any]) -> Address:
    """Where a message of ours stands, by the id that it has in the API's own routes."""
    return Address(
        platform=PLATFORM,
        workspace=address.workspace,
        channel=str(sent.get("channel_id") or channel_of(address)),
        message=str(sent["id"]),
        handle=address.handle,
        promise=address.promise,
    )


def guild_group(guild: str) -> str:
    """The reader group of all members of a server."""
    return f"{PLATFORM}:{guild}"


def channel_group(guild: str, channel: str) -> str:
    """The reader group of those who may look into a channel that is not open to all of its server."""
    return f"{PLATFORM}:{guild}/{channel}"


def promise(application: str, token: str) -> str:
    """The key to the reply that an interaction was promised."""
    return f"{application}/{token}"
