"""`chat.*`: messages posted, changed, deleted and previewed."""

from typing import Any

from bot.simulators.slack.errors import SlackError, invalid_arguments
from bot.simulators.slack.rules.blocks import MARKDOWN, check_blocks, name_blocks
from bot.simulators.slack.rules.limits import PER_CHANNEL, tier
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.directory import new_id
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.web.call import Call, Json, Method

TEXT = 40_000
"""Characters of `text`; what is beyond is cut off in silence."""
UPDATED_TEXT = 4_000
"""Bytes of `text`, escaped, that `chat.update` takes; more is `msg_too_long`."""
METADATA = 16_384


def compose(call: Call, channel: Channel, **more: Any) -> Message:
    """The message that a call's arguments describe, checked as Slack checks it.

    Raises:
        SlackError: `no_text`, or what the text, the blocks or the metadata earn.
    """
    body = call.body
    blocks = body.get("blocks") or []
    markdown = call.text("markdown_text")
    if not (call.text("text") or blocks or body.get("attachments") or markdown):
        raise SlackError("no_text")
    if markdown and (call.text("text") or blocks):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > MARKDOWN:
        raise SlackError("msg_too_long")
    if markdown:
        blocks = [{"type": "markdown", "text": markdown}]
    check_blocks(blocks)
    wears = any(call.text(name) for name in ("username", "icon_emoji", "icon_url"))
    if wears:
        call.token.need("chat:write.customize")
    author = call.workspace.directory.user(call.token.user)
    return Message(
        channel=channel.id,
        ts=call.workspace.timeline.stamp(),
        user=author.id,
        team=call.workspace.id,
        text=call.text("text")[:TEXT],
        blocks=name_blocks(blocks, lambda: new_id("")),
        attachments=body.get("attachments") or [],
        metadata=_metadata(body.get("metadata")),
        bot_id=author.bot_id,
        app_id=call.platform.app.id if author.bot_id else "",
        username=call.text("username"),
        unfurl=body.get("unfurl_links") is not False or body.get("unfurl_media") is not False,
        names_are_linked=call.flag("link_names") or body.get("parse") == "full",
        **more,
    )


def _metadata(given: Any) -> Json | None:
    if not given:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if not given.get("event_type") or len(str(given)) > METADATA:
        raise SlackError("metadata_too_large" if given.get("event_type") else "invalid_metadata_format")
    return given


def _target(call: Call) -> Channel:
    name = call.need("channel", otherwise="channel_not_found")
    directory = call.workspace.directory
    if name in directory.users:
        with call.workspace.changed:
            return directory.conversation({name, call.token.user})
    channel = directory.visible(name, call.token.user)
    if call.token.user not in channel.members and "chat:write.public" not in call.token.scopes:
        raise SlackError("not_in_channel")
    if channel.archived:
        raise SlackError("is_archived")
    return channel


def post_message(call: Call) -> Json:
    """`chat.postMessage`."""
    channel = _target(call)
    thread = call.text("thread_ts")
    broadcast = bool(thread) and call.flag("reply_broadcast")
    message = compose(call, channel, thread=thread, subtype="thread_broadcast" if broadcast else "")
    call.workspace.post(channel, message)
    return {"channel": channel.id, "ts": message.ts, "message": message.to_json(with_metadata=True)}


def post_ephemeral(call: Call) -> Json:
    """`chat.postEphemeral`."""
    channel = _target(call)
    user = call.need("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    message = compose(call, channel, thread=call.text("thread_ts"), visible_to=user)
    call.workspace.post(channel, message)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """`chat.update`. Blocks that are not given stay as they were; an empty list takes them away."""
    message = call.own("cant_update_message")
    if message.streaming == "in_progress":
        raise SlackError("streaming_state_conflict")
    channel = call.channel()
    if channel.archived:
        raise SlackError("is_archived")
    if len(call.text("text").encode()) > UPDATED_TEXT:
        raise SlackError("msg_too_long")
    made = compose(call, channel)
    fields: Json = {"text": made.text, "names_are_linked": made.names_are_linked, "streamed": ""}
    if "blocks" in call.body or call.text("markdown_text"):
        fields["blocks"] = made.blocks
    if "attachments" in call.body:
        fields["attachments"] = made.attachments
    if "metadata" in call.body:
        fields["metadata"] = made.metadata
    call.workspace.change(message, **fields)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.to_json()}


def delete(call: Call) -> Json:
    """`chat.delete`."""
    message = call.own("cant_delete_message")
    call.workspace.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def unfurl(call: Call) -> Json:
    """`chat.unfurl`."""
    unfurls = call.body.get("unfurls")
    if not isinstance(unfurls, dict):
        raise SlackError("missing_unfurls" if unfurls is None else "cannot_parse_attachment")
    message = call.workspace.timeline.find(call.joined().id, call.need("ts"))
    carried = message.text.replace("&amp;", "&")
    if any(url not in carried for url in unfurls):
        raise SlackError("cannot_unfurl_url")
    for shown in unfurls.values():
        check_blocks(shown.get("blocks") or [])
    call.workspace.preview(message, [{"from_url": url, **shown} for url, shown in unfurls.items()])
    return {}


def permalink(call: Call) -> Json:
    """`chat.getPermalink`."""
    channel = call.channel()
    if "message_ts" not in call.body:
        raise invalid_arguments("missing required field: message_ts")
    message = call.workspace.timeline.find(channel.id, call.need("message_ts"))
    link = f"https://{call.workspace.domain}.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        link += f"?thread_ts={message.thread}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


_WRITE = ("chat:write",)

METHODS = (
    Method("chat.postMessage", post_message, _WRITE, PER_CHANNEL, by_channel=True),
    Method("chat.postEphemeral", post_ephemeral, _WRITE, tier(100)),
    Method("chat.update", update, _WRITE, tier(50)),
    Method("chat.delete", delete, _WRITE, tier(50)),
    Method("chat.unfurl", unfurl, ("links:write",), tier(50)),
    Method("chat.getPermalink", permalink, (), tier(100)),
)
