"""Discord's places as addresses: guilds, channels, threads, and the promise of an interaction."""

from typing import Any

from bot.platforms.discord import PLATFORM
from core.messages import Address

DIRECT = "@me"
"""The workspace of direct messages, as Discord's own links name it."""

_CHAIN = "reply:"


def chain(message: str) -> str:
    """The thread of a conversation that goes on by replies in a channel, from its first message."""
    return f"{_CHAIN}{message}"


def channel_of(address: Address) -> str:
    """The id to post to: the thread's where it is one of Discord's, else the channel's."""
    return address.thread if address.thread.isdecimal() else address.channel


def message_at(address: Address, sent: dict[str, Any]) -> Address:
    """Where a message of ours stands, by the id that it has in the API's own routes."""
    return Address(
        platform=PLATFORM,
        workspace=address.workspace,
        channel=str(sent.get("channel_id") or channel_of(address)),
        message=str(sent["id"]),
        handle=address.handle,
        promise=address.promise,
    )


def promise(application: str, token: str) -> str:
    """The key to the reply that an interaction was promised."""
    return f"{application}/{token}"
