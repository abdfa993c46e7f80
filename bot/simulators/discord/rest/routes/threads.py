"""Threads and forum posts: opened, changed, entered and listed."""

from typing import Any

from bot.simulators.discord.errors import DiscordError
from bot.simulators.discord.rest.call import Call, Reply, Route
from bot.simulators.discord.rest.composing import compose
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.rules.faults import Faults
from bot.simulators.discord.rules.limits import Limit
from bot.simulators.discord.rules.mentions import BY_DEFAULT
from bot.simulators.discord.state import deeds
from bot.simulators.discord.state.channels import PRIVATE_THREAD, PUBLIC_THREAD, THREADS, Channel

Json = dict[str, Any]

ARCHIVE_MINUTES = frozenset({60, 1440, 4320, 10080})


def from_message(call: Call) -> Reply:
    """Open a thread at a message; both have the same id."""
    channel = call.channel(permissions.PUBLIC_THREADS, permissions.READ_HISTORY)
    body = _checked(call)
    if channel.is_thread or channel.is_forum:
        raise DiscordError(400, 50024, "Cannot execute action on this channel type")
    thread = deeds.open_thread(
        call.world, channel, call.bot, body["name"], on=call.message(channel), **_minutes(body)
    )
    return Reply(thread.to_json(call.bot), 201)


def from_nothing(call: Call) -> Reply:
    """Open a thread without a message, or a forum's post with its first one."""
    channel = call.channel()
    body = _checked(call)
    if channel.is_forum:
        return _post(call, channel, body)
    kind = body.get("type", PRIVATE_THREAD)
    if channel.is_thread or kind not in THREADS:
        raise DiscordError(400, 50024, "Cannot execute action on this channel type")
    call.need(
        channel,
        permissions.PRIVATE_THREADS if kind == PRIVATE_THREAD else permissions.PUBLIC_THREADS,
    )
    thread = deeds.open_thread(call.world, channel, call.bot, body["name"], kind=kind, **_minutes(body))
    return Reply(thread.to_json(call.bot), 201)


def enter(call: Call) -> None:
    """Let the bot or somebody else into a thread."""
    thread = _thread(call)
    user = call.params["user_id"]
    name = call.bot if user == "@me" else user
    if user != "@me":
        call.need(thread, permissions.SEND_IN_THREADS)
        call.world.guilds[thread.guild].member(name)
    deeds.enter(call.world, thread, name)


def leave(call: Call) -> None:
    """Let the bot or somebody else out of a thread."""
    thread = _thread(call)
    user = call.params["user_id"]
    if user != "@me":
        call.need(thread, permissions.MANAGE_THREADS)
    deeds.exit_thread(call.world, thread, call.bot if user == "@me" else user)


def members(call: Call) -> list[Json]:
    """Who is in a thread."""
    thread = _thread(call)
    return [thread.member_json(user) for user in thread.members]


def active(call: Call) -> Json:
    """The threads of a guild that are not archived, as far as the bot sees them."""
    guild = call.guild()
    found = [one for one in guild.channels.values() if one.is_thread and not one.archived]
    seen = [one for one in found if call.world.may(call.bot, one, permissions.VIEW_CHANNEL)]
    return _listed(call, seen)


def archived(call: Call) -> Json:
    """The archived public threads of a channel."""
    channel = call.channel(permissions.READ_HISTORY)
    guild = call.world.guilds[channel.guild]
    found = [
        one
        for one in guild.channels.values()
        if one.parent == channel.id and one.kind == PUBLIC_THREAD and one.archived
    ]
    return {**_listed(call, found), "has_more": False}


def _post(call: Call, forum: Channel, body: Json) -> Reply:
    call.need(forum, permissions.SEND_MESSAGES)
    faults = Faults()
    if not isinstance(body.get("message"), dict):
        faults.add("BASE_TYPE_REQUIRED", "This field is required", "message")
    faults.check()
    applied = [str(tag) for tag in body.get("applied_tags") or []]
    first = compose(call, forum, body["message"], default=BY_DEFAULT)
    thread = deeds.open_thread(call.world, forum, call.bot, body["name"], applied=applied, **_minutes(body))
    first.id, first.channel = thread.id, thread.id
    deeds.post(call.world, first)
    return Reply({**thread.to_json(call.bot), "message": call.render(first)}, 201)


def _thread(call: Call) -> Channel:
    thread = call.channel()
    if not thread.is_thread:
        raise DiscordError(400, 50024, "Cannot execute action on this channel type")
    if thread.archived:
        raise DiscordError(400, 50083, "Thread is archived")
    return thread


def _checked(call: Call) -> Json:
    body = call.form()
    faults = Faults()
    faults.text(body, "name", 100, least=1, required=True)
    faults.choice(body, "auto_archive_duration", ARCHIVE_MINUTES)
    faults.check()
    return body


def _minutes(body: Json) -> Json:
    return {"archive_minutes": body.get("auto_archive_duration") or 1440}


def _listed(call: Call, threads: list[Channel]) -> Json:
    own = [thread.member_json(call.bot) for thread in threads if call.bot in thread.members]
    return {"threads": [thread.to_json(call.bot) for thread in threads], "members": own}


_MEMBER = "/channels/{channel_id}/thread-members/{user_id}"

ROUTES = (
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", from_message, Limit(50, 300.0)),
    Route("POST", "/channels/{channel_id}/threads", from_nothing, Limit(50, 300.0)),
    Route("PUT", _MEMBER, enter),
    Route("DELETE", _MEMBER, leave),
    Route("GET", "/channels/{channel_id}/thread-members", members),
    Route("GET", "/guilds/{guild_id}/threads/active", active),
    Route("GET", "/channels/{channel_id}/threads/archived/public", archived),
)
