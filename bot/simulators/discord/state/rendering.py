"""Messages as the app gets them."""

from dataclasses import replace
from typing import Any

from bot.simulators.discord.snowflakes import created, iso
from bot.simulators.discord.state import channels
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.messages import HAS_THREAD, Message
from bot.simulators.discord.state.world import World

Json = dict[str, Any]


def message_json(world: World, message: Message, *, content: bool, in_event: bool = False) -> Json:
    """The message object.

    Args:
        world: where it stands.
        message: which one.
        content: whether the app was granted the content of messages. Without it only what is its own, what
            mentions it and what was said to it directly can be read.
        in_event: events name the guild and the author's member beside it.
    """
    body = _own(world, message)
    if not (content or _open(world, message)):
        body |= {"content": "", "embeds": [], "attachments": [], "components": []}
    if message.reference:
        body |= _reference(world, message, content=content)
    if message.flags & HAS_THREAD and message.guild:
        thread = world.guilds[message.guild].channels.get(message.id)
        if thread:
            body["thread"] = thread.to_json(world.bot.id)
    return body | (_around(world, message, body["mentions"]) if in_event else {})


def channel_json(world: World, channel: Channel) -> Json:
    """The channel object, as the app's bot sees it."""
    if channel.kind != channels.DIRECT:
        return channel.to_json(world.bot.id)
    others = [world.users[user].to_json() for user in channel.members if user != world.bot.id]
    return {
        "id": channel.id,
        "type": channels.DIRECT,
        "last_message_id": channel.last_message or None,
        "flags": 0,
        "recipients": others,
    }


def _own(world: World, message: Message) -> Json:
    now = world.clock.now()
    body: Json = {
        "id": message.id,
        "channel_id": message.channel,
        "author": world.users[message.author].to_json(),
        "content": message.content,
        "timestamp": iso(created(message.id)),
        "edited_timestamp": iso(message.edited) if message.edited else None,
        "tts": message.tts,
        "mention_everyone": message.pings.everyone,
        "mentions": [
            world.users[user].to_json() for user in sorted(message.pings.users) if user in world.users
        ],
        "mention_roles": sorted(message.pings.roles),
        "attachments": [file.to_json(now) for file in message.files],
        "embeds": [*message.embeds, *message.previews],
        "components": message.components,
        "pinned": message.pinned,
        "type": message.kind,
        "flags": message.flags,
    }
    if message.nonce is not None:
        body["nonce"] = message.nonce
    if message.reactions:
        body["reactions"] = [
            {
                "emoji": emoji_json(emoji),
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "me": world.bot.id in users,
                "me_burst": False,
                "burst_colors": [],
            }
            for emoji, users in message.reactions.items()
        ]
    if message.author == world.bot.id:
        body["application_id"] = world.app.id
    if message.interaction:
        body |= {"webhook_id": world.app.id, "interaction_metadata": message.interaction}
    return body


def emoji_json(emoji: str) -> Json:
    """The emoji object: of Unicode, or `name:id` for a guild's own."""
    name, _, emoji_id = emoji.partition(":")
    return (
        {"id": emoji_id or None, "name": name, "animated": False} if emoji_id else {"id": None, "name": name}
    )


def _reference(world: World, message: Message, *, content: bool) -> Json:
    reference: Json = {
        "type": 0,
        "message_id": message.reference,
        "channel_id": message.reference_channel,
    }
    if message.guild:
        reference["guild_id"] = message.guild
    told = world.messages.get(message.reference_channel, {}).get(message.reference)
    # What that one answers is not told of as well.
    shown = told and message_json(world, replace(told, reference=""), content=content)
    return {"message_reference": reference, "referenced_message": shown}


def _around(world: World, message: Message, mentions: list[Json]) -> Json:
    body: Json = {"channel_type": world.channel(message.channel).kind}
    if message.guild:
        members = world.guilds[message.guild].members
        body["guild_id"] = message.guild
        if message.author in members:
            body["member"] = members[message.author].to_json(with_user=False)
        for user in mentions:
            if user["id"] in members:
                user["member"] = members[user["id"]].to_json(with_user=False)
    return body


def _open(world: World, message: Message) -> bool:
    return (
        not message.guild
        or message.author == world.bot.id
        or world.bot.id in message.pings.users
        or bool(message.interaction)
    )
