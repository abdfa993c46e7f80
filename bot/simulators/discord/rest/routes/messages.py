"""`/channels/{id}/messages`: read, sent, edited and deleted."""

from typing import Any

from bot.simulators.discord.errors import DiscordError, missing_permissions
from bot.simulators.discord.rest.call import Call, Route
from bot.simulators.discord.rest.composing import compose, rewrite
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.rules.limits import Limit
from bot.simulators.discord.rules.mentions import BY_DEFAULT
from bot.simulators.discord.state import deeds
from bot.simulators.discord.state.channels import CATEGORY, Channel
from bot.simulators.discord.state.messages import EPHEMERAL, Message

Json = dict[str, Any]

NONCE_SECONDS = 300.0
"""How long a nonce is remembered: a few minutes, says the documentation."""


def sendable(call: Call, channel: Channel) -> None:
    """Refuse unless the bot may speak in a channel.

    Raises:
        DiscordError: 50008, 50013, 50083 or 50007.
    """
    if channel.is_forum or channel.kind == CATEGORY:
        raise DiscordError(400, 50008, "Cannot send messages in a non-text channel")
    call.need(channel, permissions.SEND_IN_THREADS if channel.is_thread else permissions.SEND_MESSAGES)
    if channel.locked and not call.world.may(call.bot, channel, permissions.MANAGE_THREADS):
        raise DiscordError(400, 50083, "Thread is archived")
    if not channel.guild and not all(call.world.user(user).open for user in channel.members):
        raise DiscordError(403, 50007, "Cannot send messages to this user")


def create(call: Call) -> Json:
    """Send a message; a nonce that is enforced and known gives the message that it stands for."""
    channel = call.channel()
    body = call.form()
    sendable(call, channel)
    if call.files:
        call.need(channel, permissions.ATTACH_FILES)
    if body.get("message_reference"):
        call.need(channel, permissions.READ_HISTORY)
    world = call.world
    key = (call.bot, channel.id, str(body.get("nonce")))
    enforced = bool(body.get("enforce_nonce")) and body.get("nonce") is not None
    if enforced and key in world.nonces:
        earlier, until = world.nonces[key]
        if world.clock.now() < until:
            return call.render(earlier)
    message = compose(call, channel, body, default=BY_DEFAULT)
    deeds.post(world, message)
    if body.get("nonce") is not None:
        world.nonces[key] = (message, world.clock.now() + NONCE_SECONDS)
    return call.render(message)


def read(call: Call) -> Json:
    """One message."""
    channel = call.channel()
    call.history(channel)
    return call.render(call.message(channel))


def listing(call: Call) -> list[Json]:
    """Messages, newest first: the last ones, or those around an id."""
    channel = call.channel()
    limit = call.number("limit", 50, 100)
    if not call.world.may(call.bot, channel, permissions.READ_HISTORY):
        return []
    every = sorted(call.world.messages.get(channel.id, {}).values(), key=lambda message: int(message.id))
    return [call.render(message) for message in reversed(_part(call, every, limit))]


def edit(call: Call) -> Json:
    """Edit a message of the bot's own."""
    channel = call.channel()
    if channel.archived:
        raise DiscordError(400, 50083, "Thread is archived")
    body = call.form()
    message = call.message(channel)
    if message.author != call.bot and set(body) == {"flags"}:
        call.need(channel, permissions.MANAGE_MESSAGES)
    else:
        message = call.own(channel)
    if int(body.get("flags") or 0) & EPHEMERAL:
        raise missing_permissions()
    return call.render(rewrite(call, message, body, default=BY_DEFAULT))


def delete(call: Call) -> None:
    """Delete a message: one's own, or anybody's where that is allowed."""
    channel = call.channel()
    message = call.message(channel)
    if message.author != call.bot:
        call.need(channel, permissions.MANAGE_MESSAGES)
    deeds.remove(call.world, message)


def bulk_delete(call: Call) -> None:
    """Delete 2 to 100 messages that are less than two weeks old."""
    channel = call.channel(permissions.MANAGE_MESSAGES)
    names = [str(name) for name in call.form().get("messages") or []]
    if not 2 <= len(names) <= 100:  # noqa: PLR2004 - Discord's numbers, used here alone
        raise DiscordError(400, 50016, "Provided too few or too many messages to delete.")
    for name in names:
        if found := call.world.messages.get(channel.id, {}).get(name):
            deeds.remove(call.world, found)


def typing(call: Call) -> None:
    """Show the bot as typing for ten seconds."""
    channel = call.channel()
    sendable(call, channel)
    deeds.type_in(call.world, channel, call.bot)


def _part(call: Call, every: list[Message], limit: int) -> list[Message]:
    query = call.query
    if "around" in query:
        middle = int(query["around"])
        before = [message for message in every if int(message.id) < middle][-(limit // 2) :]
        return before + [message for message in every if int(message.id) >= middle][: limit - limit // 2]
    if "after" in query:
        return [message for message in every if int(message.id) > int(query["after"])][:limit]
    if "before" in query:
        every = [message for message in every if int(message.id) < int(query["before"])]
    return every[-limit:]


_ONE = "/channels/{channel_id}/messages/{message_id}"

ROUTES = (
    Route("GET", "/channels/{channel_id}/messages", listing, Limit(50, 5.0)),
    Route("POST", "/channels/{channel_id}/messages", create, Limit(5, 5.0)),
    Route("POST", "/channels/{channel_id}/messages/bulk-delete", bulk_delete, Limit(1, 3.0)),
    Route("GET", _ONE, read, Limit(50, 5.0)),
    Route("PATCH", _ONE, edit, Limit(5, 5.0)),
    Route("DELETE", _ONE, delete, Limit(5, 1.0)),
    Route("POST", "/channels/{channel_id}/typing", typing, Limit(5, 5.0)),
)
