"""What happens to messages and threads, whoever does it; every change is told as an event."""

from collections.abc import Mapping
from typing import Any

from bot.simulators.discord.errors import DiscordError, missing_permissions
from bot.simulators.discord.rules import intents, permissions
from bot.simulators.discord.snowflakes import iso
from bot.simulators.discord.state.channels import PUBLIC_THREAD, Channel
from bot.simulators.discord.state.events import Event, plain
from bot.simulators.discord.state.files import File
from bot.simulators.discord.state.messages import HAS_THREAD, THREAD_STARTER, Message
from bot.simulators.discord.state.rendering import emoji_json, message_json
from bot.simulators.discord.state.world import World

Json = dict[str, Any]

TYPING_SECONDS = 10.0
EMOJIS = 20
"""Different reactions on one message."""


def post(world: World, message: Message) -> Message:
    """Put a message where it belongs; a thread that was archived wakes."""
    with world.changed:
        channel = world.channel(message.channel)
        if message.visible_to:
            world.ephemeral.append(message)
        else:
            if channel.archived:
                archive(world, channel, archived=False)
            world.messages.setdefault(channel.id, {})[message.id] = message
            channel.last_message = message.id
            # Discord counts neither how a thread began nor a post's own first message.
            if message.kind != THREAD_STARTER and message.id != channel.id:
                channel.message_count += 1
            if channel.is_thread and message.kind != THREAD_STARTER:
                enter(world, channel, message.author)
            world.typing.pop((channel.id, message.author), None)
            _tell(world, channel, message, "MESSAGE_CREATE")
        world.changed.notify_all()
    return message


def change(world: World, message: Message, *, edited: bool = True, **fields: Any) -> Message:
    """Change a message; `MESSAGE_UPDATE` tells of it, whatever it is that changed."""
    with world.changed:
        if fields.get("content", message.content) != message.content:
            message.earlier.append(message.content)
        for name, value in fields.items():
            setattr(message, name, value)
        if edited:
            message.edited = world.clock.now()
        if not message.visible_to:
            _tell(world, world.channel(message.channel), message, "MESSAGE_UPDATE")
        world.changed.notify_all()
    return message


def remove(world: World, message: Message) -> None:
    """Delete a message."""
    with world.changed:
        world.deleted.append(message)
        if message.visible_to:
            world.ephemeral.remove(message)
        else:
            channel = world.channel(message.channel)
            del world.messages[channel.id][message.id]
            body: Json = {"id": message.id, "channel_id": channel.id}
            if message.guild:
                body["guild_id"] = message.guild
            intent = intents.messages(message.guild)
            world.tell_in(channel, plain("MESSAGE_DELETE", body, intent, message.guild))
        world.changed.notify_all()


def preview(world: World, message: Message) -> None:
    """Show previews of a message's links, as Discord does: it changes, and nobody edited it."""
    shown = [{"type": "link", "url": link, "title": link} for link in message.unfurls]
    change(world, message, edited=False, previews=shown)


def react(world: World, message: Message, user: str, emoji: str) -> None:
    """Put a reaction on a message; a second time changes nothing.

    Raises:
        DiscordError: 10014 for what is no emoji, 30010 for too many, 50013.
    """
    with world.changed:
        channel = world.channel(message.channel)
        name, _, emoji_id = emoji.partition(":")
        if (name.isascii() and not emoji_id.isdecimal()) or not name:
            raise DiscordError(400, 10014, "Unknown Emoji")
        if emoji not in message.reactions and not world.may(user, channel, permissions.ADD_REACTIONS):
            raise missing_permissions()
        if emoji not in message.reactions and len(message.reactions) >= EMOJIS:
            raise DiscordError(400, 30010, f"Maximum number of reactions reached ({EMOJIS})")
        users = message.reactions.setdefault(emoji, [])
        if user not in users:
            users.append(user)
            _tell_of_reaction(world, message, user, emoji, "MESSAGE_REACTION_ADD")


def unreact(world: World, message: Message, user: str, emoji: str) -> None:
    """Take a reaction back; nothing happens where there is none."""
    with world.changed:
        users = message.reactions.get(emoji, [])
        if user not in users:
            return
        users.remove(user)
        if not users:
            del message.reactions[emoji]
        _tell_of_reaction(world, message, user, emoji, "MESSAGE_REACTION_REMOVE")


def type_in(world: World, channel: Channel, user: str) -> None:
    """Show somebody as typing for ten seconds, or until they have spoken."""
    with world.changed:
        world.typing[channel.id, user] = world.clock.now() + TYPING_SECONDS
        if user != world.bot.id:
            body: Json = {"channel_id": channel.id, "user_id": user, "timestamp": int(world.clock.now())}
            if channel.guild:
                body["guild_id"] = channel.guild
                body["member"] = world.guilds[channel.guild].member(user).to_json()
            world.tell_in(channel, plain("TYPING_START", body, intents.typing(channel.guild), channel.guild))
        world.changed.notify_all()


def open_thread(
    world: World,
    parent: Channel,
    owner: str,
    name: str,
    *,
    kind: int = PUBLIC_THREAD,
    on: Message | None = None,
    **more: Any,
) -> Channel:
    """A new thread in a channel, or a forum's post without its first message.

    Args:
        world: where.
        parent: the channel or forum.
        owner: who opens it; they are in it.
        name: 1 to 100 characters.
        kind: what kind of thread.
        on: the message that it begins at, which has the same id.
        more: further fields of the thread.

    Raises:
        DiscordError: 160004 for a second thread at one message.
    """
    with world.changed:
        guild = world.guilds[parent.guild]
        thread_id = on.id if on else world.ids.new()
        if thread_id in guild.channels:
            raise DiscordError(400, 160004, "A thread has already been created for this message")
        now = world.clock.now()
        thread = Channel(
            thread_id, kind, name, guild.id, parent.id, owner=owner, members={owner: now}, **more
        )
        guild.channels[thread.id] = thread
        body = thread.to_json(world.bot.id) | {"newly_created": True}
        world.tell_in(thread, plain("THREAD_CREATE", body, guild=guild.id))
        if on:
            change(world, on, edited=False, flags=on.flags | HAS_THREAD)
            starter = Message(
                world.ids.new(), thread.id, guild.id, on.author, kind=THREAD_STARTER, reference=on.id
            )
            starter.reference_channel = parent.id
            post(world, starter)
        world.changed.notify_all()
        return thread


def archive(world: World, thread: Channel, *, archived: bool, locked: bool = False) -> None:
    """Close a thread until somebody speaks there, or open it again; a locked one stays closed."""
    with world.changed:
        thread.archived, thread.locked, thread.archived_at = archived, locked, world.clock.now()
        world.tell_in(thread, plain("THREAD_UPDATE", thread.to_json(world.bot.id), guild=thread.guild))
        world.changed.notify_all()


def enter(world: World, thread: Channel, user: str) -> None:
    """Let somebody into a thread."""
    with world.changed:
        if user in thread.members:
            return
        thread.members[user] = world.clock.now()
        if user == world.bot.id and thread.is_private_thread:
            # The bot hears of a private thread when it is let in.
            world.tell_in(thread, plain("THREAD_CREATE", thread.to_json(user), guild=thread.guild))
        _tell_of_members(world, thread, added=[thread.member_json(user)])


def exit_thread(world: World, thread: Channel, user: str) -> None:
    """Let somebody out of a thread."""
    with world.changed:
        if thread.members.pop(user, None) is not None:
            _tell_of_members(world, thread, removed=[user])


def keep_file(world: World, channel: Channel, name: str, content: bytes) -> File:
    """Keep a file that somebody attaches."""
    file = File(world.ids.new(), channel.id, name, content, world.base_url)
    world.files[file.id] = file
    return file


def _tell(world: World, channel: Channel, message: Message, name: str) -> None:
    def body(asked: int) -> Json:
        content = bool(asked & intents.MESSAGE_CONTENT)
        return message_json(world, message, content=content, in_event=True)

    world.tell_in(channel, Event(name, body, intents.messages(message.guild), message.guild))


def _tell_of_reaction(world: World, message: Message, user: str, emoji: str, name: str) -> None:
    channel = world.channel(message.channel)
    body: Json = {
        "user_id": user,
        "channel_id": channel.id,
        "message_id": message.id,
        "emoji": emoji_json(emoji),
        "burst": False,
        "type": 0,
    }
    if message.guild:
        body["guild_id"] = message.guild
        member = world.guilds[message.guild].members.get(user)
        if name.endswith("ADD"):
            body["message_author_id"] = message.author
            if member:
                body["member"] = member.to_json()
    world.tell_in(channel, plain(name, body, intents.reactions(message.guild), message.guild))
    world.changed.notify_all()


def _tell_of_members(
    world: World, thread: Channel, *, added: list[Json] | None = None, removed: list[str] | None = None
) -> None:
    body: Mapping[str, Any] = {
        "id": thread.id,
        "guild_id": thread.guild,
        "member_count": len(thread.members),
        "added_members": added or [],
        "removed_member_ids": removed or [],
        "at": iso(world.clock.now()),
    }
    world.tell_in(thread, plain("THREAD_MEMBERS_UPDATE", dict(body), guild=thread.guild))
    world.changed.notify_all()
