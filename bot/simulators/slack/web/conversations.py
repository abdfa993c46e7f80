"""`conversations.*` and `users.conversations`: channels, who is in them and what was said there."""

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules.limits import tier
from bot.simulators.slack.state.channels import TYPES, Channel
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.web.call import Call, Json, Method
from bot.simulators.slack.web.pages import page

OPENED = 8
"""How many people a direct conversation takes beside its opener."""


def info(call: Call) -> Json:
    """`conversations.info`."""
    channel = call.channel()
    call.token.need(channel.scope("read"))
    return {"channel": channel.to_json(call.token.user, call.workspace.id)}


def members(call: Call) -> Json:
    """`conversations.members`."""
    channel = call.channel()
    call.token.need(channel.scope("read"))
    users, onward = page(call, sorted(channel.members))
    return {"members": users, **onward}


def list_all(call: Call) -> Json:
    """`conversations.list`."""
    return _listed(call, [c for c in call.workspace.directory.channels.values() if _seen(c, call.token.user)])


def of_user(call: Call) -> Json:
    """`users.conversations`: where somebody is a member, as far as the caller can know."""
    user = call.text("user") or call.token.user
    call.workspace.directory.user(user)
    channels = call.workspace.directory.channels.values()
    return _listed(call, [c for c in channels if user in c.members and _seen(c, call.token.user)])


def _seen(channel: Channel, viewer: str) -> bool:
    return channel.kind == "channel" or viewer in channel.members


def _listed(call: Call, channels: list[Channel]) -> Json:
    types = (call.text("types") or "public_channel").split(",")
    if any(kind.strip() not in TYPES for kind in types):
        raise SlackError("invalid_types")
    kinds = {TYPES[kind.strip()] for kind in types}
    for channel_kind in kinds:
        call.token.need({"channel": "channels", "group": "groups"}.get(channel_kind, channel_kind) + ":read")
    wanted = [c for c in channels if c.kind in kinds and not (c.archived and call.flag("exclude_archived"))]
    found, onward = page(call, wanted)
    return {"channels": [c.to_json(call.token.user, call.workspace.id) for c in found], **onward}


def history(call: Call) -> Json:
    """`conversations.history`: newest first, without replies."""
    channel = call.joined()
    call.token.need(channel.scope("history"))
    wanted = [m for m in reversed(call.workspace.timeline.roots(channel.id)) if _in_time(call, m)]
    found, onward = page(call, wanted)
    more = bool(onward["response_metadata"]["next_cursor"])
    return {"messages": _stated(call, channel, found), "has_more": more, **onward}


def replies(call: Call) -> Json:
    """`conversations.replies`: the root, then its replies, oldest first."""
    channel = call.joined()
    call.token.need(channel.scope("history"))
    timeline = call.workspace.timeline
    try:
        root = timeline.find(channel.id, call.need("ts"))
    except SlackError as error:
        raise SlackError("thread_not_found") from error
    if root.is_reply:
        return {"messages": _stated(call, channel, [root]), "has_more": False}
    wanted = [root, *(m for m in timeline.replies(channel.id, root.ts) if _in_time(call, m))]
    found, onward = page(call, wanted, default=1000)
    more = bool(onward["response_metadata"]["next_cursor"])
    return {"messages": _stated(call, channel, found), "has_more": more, **onward}


def _in_time(call: Call, message: Message) -> bool:
    ts, oldest, latest = float(message.ts), call.text("oldest"), call.text("latest")
    if call.flag("inclusive"):
        return not (oldest and ts < float(oldest)) and not (latest and ts > float(latest))
    return not (oldest and ts <= float(oldest)) and not (latest and ts >= float(latest))


def _stated(call: Call, channel: Channel, messages: list[Message]) -> list[Json]:
    return [_message(call, channel, message) for message in messages]


def _message(call: Call, channel: Channel, message: Message) -> Json:
    stated = call.workspace.event_body(channel, message)
    if message.metadata and call.flag("include_all_metadata"):
        stated["metadata"] = message.metadata
    return stated | call.workspace.timeline.thread_of(channel.id, message.ts)


def open_direct(call: Call) -> Json:
    """`conversations.open`: the conversation with one person or with several."""
    if call.text("channel"):
        channel = call.channel()
    else:
        users = [user for user in call.need("users", otherwise="users_list_not_supplied").split(",") if user]
        call.token.need("im:write" if len(users) == 1 else "mpim:write")
        if len(users) > OPENED:
            raise SlackError("too_many_users")
        people = {call.workspace.directory.user(user.strip()).id for user in users}
        with call.workspace.changed:
            channel = call.workspace.directory.conversation(people | {call.token.user})
    shown = (
        channel.to_json(call.token.user, call.workspace.id) if call.flag("return_im") else {"id": channel.id}
    )
    return {"channel": shown}


def join(call: Call) -> Json:
    """`conversations.join`: public channels only."""
    channel = call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    already = call.token.user in channel.members
    call.workspace.join(channel, call.workspace.directory.user(call.token.user))
    answer: Json = {"channel": channel.to_json(call.token.user, call.workspace.id)}
    return {**answer, "warning": "already_in_channel"} if already else answer


METHODS = (
    Method("conversations.info", info, (), tier(50)),
    Method("conversations.members", members, (), tier(100)),
    Method("conversations.list", list_all, (), tier(20)),
    Method("conversations.history", history, (), tier(50)),
    Method("conversations.replies", replies, (), tier(50)),
    Method("conversations.open", open_direct, (), tier(50)),
    Method("conversations.join", join, ("channels:join",), tier(50)),
    Method("users.conversations", of_user, (), tier(50)),
)
