"""Channels: read, changed, made and deleted, with their overwrites."""

from typing import Any

from bot.simulators.discord.errors import missing_permissions, unknown
from bot.simulators.discord.rest.call import Call, Reply, Route
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.rules.faults import Faults
from bot.simulators.discord.state import channels, deeds
from bot.simulators.discord.state.channels import Overwrite
from bot.simulators.discord.state.events import plain
from bot.simulators.discord.state.rendering import channel_json

Json = dict[str, Any]


def read(call: Call) -> Json:
    """One channel."""
    return channel_json(call.world, call.channel())


def edit(call: Call) -> Json:
    """Change a channel's name or topic, or archive, lock or rename a thread."""
    channel = call.channel()
    body = call.form()
    faults = Faults()
    faults.text(body, "name", 100, least=1)
    faults.text(body, "topic", 4096 if channel.is_forum else 1024)
    faults.check()
    if channel.is_thread:
        if channel.owner != call.bot:
            call.need(channel, permissions.MANAGE_THREADS)
        channel.name = body.get("name", channel.name)
        channel.archive_minutes = body.get("auto_archive_duration", channel.archive_minutes)
        channel.applied = [str(tag) for tag in body.get("applied_tags", channel.applied)]
        shut = bool(body.get("archived", channel.archived))
        deeds.archive(call.world, channel, archived=shut, locked=bool(body.get("locked", channel.locked)))
        return channel.to_json(call.bot)
    call.need(channel, permissions.MANAGE_CHANNELS)
    channel.name = body.get("name", channel.name)
    channel.topic = body.get("topic", channel.topic) or ""
    call.world.tell_in(channel, plain("CHANNEL_UPDATE", channel.to_json(), guild=channel.guild))
    return channel.to_json()


def delete(call: Call) -> Json:
    """Delete a channel or a thread."""
    channel = call.channel()
    call.need(channel, permissions.MANAGE_THREADS if channel.is_thread else permissions.MANAGE_CHANNELS)
    body = channel.to_json(call.bot)
    call.world.remove_channel(channel)
    return body


def create(call: Call) -> Reply:
    """Make a channel in a guild."""
    guild = call.guild()
    if not guild.permissions(call.bot) & permissions.MANAGE_CHANNELS:
        raise missing_permissions()
    body = call.form()
    faults = Faults()
    faults.text(body, "name", 100, least=1, required=True)
    faults.check()
    overwrites = [
        Overwrite(str(one["id"]), int(one["type"]), int(one.get("allow") or 0), int(one.get("deny") or 0))
        for one in body.get("permission_overwrites") or []
    ]
    kind = body.get("type") or channels.TEXT
    return Reply(call.world.add_channel(guild, body["name"], kind, *overwrites).to_json(), 201)


def set_overwrite(call: Call) -> None:
    """Give a channel an exception for a role or a member."""
    channel = call.channel(permissions.MANAGE_ROLES)
    body = call.form()
    bits = (int(body.get("allow") or 0), int(body.get("deny") or 0))
    call.world.overwrite(channel, Overwrite(call.params["overwrite_id"], int(body.get("type") or 0), *bits))


def unset_overwrite(call: Call) -> None:
    """Take an exception away."""
    channel = call.channel(permissions.MANAGE_ROLES)
    if call.params["overwrite_id"] not in channel.overwrites:
        raise unknown("overwrite")
    call.world.overwrite(channel, None, call.params["overwrite_id"])


_OVERWRITE = "/channels/{channel_id}/permissions/{overwrite_id}"

ROUTES = (
    Route("GET", "/channels/{channel_id}", read),
    Route("PATCH", "/channels/{channel_id}", edit),
    Route("DELETE", "/channels/{channel_id}", delete),
    Route("POST", "/guilds/{guild_id}/channels", create),
    Route("PUT", _OVERWRITE, set_overwrite),
    Route("DELETE", _OVERWRITE, unset_overwrite),
)
