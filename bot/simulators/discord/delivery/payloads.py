"""Interactions as the app gets them."""

from typing import Any

from bot.simulators.discord.rules import permissions
from bot.simulators.discord.state import interactions
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.interactions import Interaction
from bot.simulators.discord.state.rendering import channel_json, message_json
from bot.simulators.discord.state.world import World

Json = dict[str, Any]

FILE_BYTES = 10 * 1024 * 1024
"""The largest file that an answer may carry in a guild without boosts."""

_WHERE = {True: 0, False: 1}
"""The context: in a guild, or in the direct conversation with the bot."""


def payload(world: World, interaction: Interaction) -> Json:
    """The interaction object."""
    channel = world.channel(interaction.channel)
    user = world.users[interaction.user]
    body: Json = {
        "id": interaction.id,
        "application_id": world.app.id,
        "type": interaction.kind,
        "data": interaction.data,
        "channel_id": channel.id,
        "channel": partial_channel(world, channel, interaction.user),
        "token": interaction.token,
        "version": 1,
        "app_permissions": str(world.permissions(world.bot.id, channel)),
        "locale": "en-US",
        "entitlements": [],
        "authorizing_integration_owners": {"0": interaction.guild or "0"},
        "context": _WHERE[bool(interaction.guild)],
        "attachment_size_limit": FILE_BYTES,
    }
    if interaction.guild:
        guild = world.guilds[interaction.guild]
        body |= {
            "guild_id": guild.id,
            "guild": {"id": guild.id, "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": resolved_member(world, channel, interaction.user) | {"user": user.to_json()},
        }
    else:
        body["user"] = user.to_json()
    if interaction.message and interaction.kind in (interactions.COMPONENT, interactions.MODAL):
        body["message"] = message_json(world, interaction.message, content=True)
    return body


def partial_channel(world: World, channel: Channel, user: str) -> Json:
    """A channel with what somebody may do there."""
    return {**channel_json(world, channel), "permissions": str(world.permissions(user, channel))}


def resolved_member(world: World, channel: Channel, user: str) -> Json:
    """A member with what they may do in a channel, without the user."""
    member = world.guilds[channel.guild].member(user).to_json(with_user=False)
    return member | {"permissions": str(world.permissions(user, channel) & permissions.ALL)}
