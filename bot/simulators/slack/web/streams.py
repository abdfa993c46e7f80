"""`chat.startStream`, `chat.appendStream`, `chat.stopStream`: a message that grows."""

from typing import Any

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules.blocks import BLOCKS_IN_MESSAGE, MARKDOWN, check_blocks, name_blocks
from bot.simulators.slack.rules.limits import tier
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.directory import new_id
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.state.sessions import STATUSES
from bot.simulators.slack.web.call import Call, Json, Method

_CHUNKS = frozenset({"markdown_text", "task_update", "plan_update", "blocks"})


def start(call: Call) -> Json:
    """`chat.startStream`: the stream's owner, its thread, and in a channel the one who reads it."""
    channel = call.joined()
    if channel.archived:
        raise SlackError("is_archived")
    thread = call.text("thread_ts")
    if not thread:
        raise SlackError("invalid_thread_ts")
    if call.text("task_display_mode") not in ("", "timeline", "plan"):
        raise SlackError("invalid_arguments")
    _check_recipient(call, channel)
    text, blocks = _content(call)
    author = call.workspace.directory.user(call.token.user)
    now = call.platform.clock.now()
    message = Message(
        channel=channel.id,
        ts=call.workspace.timeline.stamp(),
        user=author.id,
        team=call.workspace.id,
        thread=thread,
        streamed=text,
        blocks=blocks,
        bot_id=author.bot_id,
        app_id=call.platform.app.id,
        streaming="in_progress",
        opened=now,
    )
    call.workspace.post(channel, message)
    call.workspace.session(channel.id, thread).set("processing", now)
    return {"channel": channel.id, "ts": message.ts}


def append(call: Call) -> Json:
    """`chat.appendStream`."""
    message = _open_stream(call)
    text, blocks = _content(call)
    if not text and not blocks and not call.body.get("chunks"):
        raise SlackError("no_text")
    with call.workspace.changed:
        message.streamed += text
        message.blocks = _room(message.blocks, blocks, BLOCKS_IN_MESSAGE)
        call.workspace.changed.notify_all()
    return {"channel": message.channel, "ts": message.ts}


def stop(call: Call) -> Json:
    """`chat.stopStream`: the last words, and blocks below them."""
    message = _open_stream(call)
    status = call.text("session_status") or "active"
    if status not in STATUSES:
        raise SlackError("invalid_arguments")
    text, chunks = _content(call)
    final = call.body.get("blocks") or []
    check_blocks(final)
    kept = _room(message.blocks, chunks, BLOCKS_IN_MESSAGE)
    call.workspace.change(
        message,
        edited=False,
        streamed=message.streamed + text,
        blocks=_room(kept, name_blocks(final, lambda: new_id("")), 2 * BLOCKS_IN_MESSAGE),
        metadata=call.body.get("metadata") or message.metadata,
        streaming="completed",
    )
    session = call.workspace.session(message.channel, message.thread)
    session.set(next(known for known in STATUSES if known == status), call.platform.clock.now())
    stated = message.to_json(with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "message": stated}


def _open_stream(call: Call) -> Message:
    message = call.own("message_not_owned_by_app")
    too_old = call.platform.clock.now() - message.opened > call.platform.stream_seconds
    if message.streaming == "in_progress" and too_old:
        call.workspace.change(message, edited=False, streaming="completed")
    if message.streaming == "stopped":
        raise SlackError("stopped_by_user")
    if message.streaming != "in_progress":
        raise SlackError("message_not_in_streaming_state")
    return message


def _check_recipient(call: Call, channel: Channel) -> None:
    if channel.kind == "im":
        return
    team, user = call.text("recipient_team_id"), call.text("recipient_user_id")
    if not team:
        raise SlackError("missing_recipient_team_id")
    if not user:
        raise SlackError("missing_recipient_user_id")
    # Assumed, the rules as well as their names: the reader is in this channel, and of that workspace.
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    if call.workspace.directory.user(user).team != team:
        raise SlackError("invalid_recipient_team_id")


def _content(call: Call) -> tuple[str, list[Json]]:
    chunks = call.body.get("chunks") or []
    text = call.text("markdown_text")
    if chunks and text:
        raise SlackError("markdown_text_conflict")
    if not isinstance(chunks, list) or not all(
        isinstance(c, dict) and c.get("type") in _CHUNKS for c in chunks
    ):
        raise SlackError("invalid_chunks")
    blocks: list[Json] = []
    for chunk in chunks:
        text += _chunk(chunk, blocks)
    if len(text) > MARKDOWN:
        raise SlackError("msg_too_long")
    check_blocks(blocks)
    return text, name_blocks(blocks, lambda: new_id(""))


def _chunk(chunk: Json, blocks: list[Json]) -> str:
    kind = chunk["type"]
    if kind == "markdown_text":
        return str(chunk.get("text", ""))
    if kind == "blocks":
        blocks.extend(chunk.get("blocks", []))
    elif kind == "task_update":
        card: dict[str, Any] = {key: value for key, value in chunk.items() if key not in ("type", "id")}
        blocks.append({"type": "task_card", "task_id": chunk.get("id"), **card})
    else:
        blocks.append({"type": "plan", "title": chunk.get("title", "")})
    return ""


def _room(before: list[Json], more: list[Json], most: int) -> list[Json]:
    """Blocks below blocks; a task that is stated anew replaces what was stated of it."""
    anew = {block["task_id"] for block in more if "task_id" in block}
    blocks = [block for block in before if block.get("task_id") not in anew or "task_id" not in block] + more
    if len(blocks) > most:
        raise SlackError("invalid_blocks")
    return blocks


METHODS = (
    Method("chat.startStream", start, ("chat:write",), tier(20)),
    Method("chat.appendStream", append, ("chat:write",), tier(100)),
    Method("chat.stopStream", stop, ("chat:write",), tier(20)),
)
