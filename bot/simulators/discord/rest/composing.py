"""How a body becomes a message, in a channel or in answer to an interaction."""

from typing import Any

from bot.simulators.discord.errors import DiscordError
from bot.simulators.discord.rest.call import Call
from bot.simulators.discord.rules.faults import Faults
from bot.simulators.discord.rules.mentions import pings
from bot.simulators.discord.rules.messages import check_filled, check_message
from bot.simulators.discord.state import deeds
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.files import File
from bot.simulators.discord.state.messages import (
    COMPONENTS_V2,
    DEFAULT,
    LOADING,
    REPLY,
    SILENT,
    SUPPRESS_EMBEDS,
    Message,
)

Json = dict[str, Any]

FLAGS = SUPPRESS_EMBEDS | SILENT | COMPONENTS_V2
"""What a message in a channel may set. That the ephemeral flag is refused there is an assumption."""


def compose(
    call: Call,
    channel: Channel,
    body: Json,
    *,
    default: frozenset[str],
    flags: int = FLAGS,
    kind: int = DEFAULT,
    **more: Any,
) -> Message:
    """The message that a body describes, checked as Discord checks it, not yet posted.

    Args:
        call: the request.
        channel: where it is to stand.
        body: the body, or an answer's `data`.
        default: whom it may ping when it does not say.
        flags: the flags that it may set.
        kind: the message's type, unless it is a reply.
        more: further fields of the message.

    Raises:
        DiscordError: 50035 or 50006.
    """
    faults = Faults()
    check_message(body, faults, flags=flags)
    reference = _reference(call, channel, body, faults)
    faults.check()
    check_filled(body, files=len(call.files))
    content = str(body.get("content") or "")
    answered = reference.author if reference else ""
    return Message(
        call.world.ids.new(),
        channel.id,
        channel.guild,
        call.bot,
        content,
        REPLY if reference else kind,
        flags=(body.get("flags") or 0),
        embeds=body.get("embeds") or [],
        components=name_components(body.get("components") or []),
        files=_files(call, channel),
        reference=reference.id if reference else "",
        reference_channel=reference.channel if reference else "",
        nonce=body.get("nonce"),
        pings=pings(content, body.get("allowed_mentions"), default, answered=answered),
        tts=bool(body.get("tts")),
        **more,
    )


def rewrite(
    call: Call, message: Message, body: Json, *, default: frozenset[str], answers: bool = False
) -> Message:
    """Change a message as a body says; what the body does not name stays as it was.

    `answers` says that it is the first text of a promised answer, which stops loading.

    Raises:
        DiscordError: 50035 or 50006.
    """
    faults = Faults()
    check_message(body, faults, flags=SUPPRESS_EMBEDS | COMPONENTS_V2, earlier=message.flags)
    faults.check()
    fields: Json = {}
    if "content" in body:
        fields["content"] = str(body["content"] or "")
        fields["pings"] = pings(fields["content"], body.get("allowed_mentions"), default)
    if "embeds" in body:
        fields["embeds"] = body["embeds"] or []
    if "components" in body:
        fields["components"] = name_components(body["components"] or [])
    if "attachments" in body:
        kept = {str(one.get("id")) for one in body["attachments"] or []}
        fields["files"] = tuple(file for file in message.files if file.id in kept)
    if call.files:
        channel = call.world.channel(message.channel)
        fields["files"] = (*fields.get("files", message.files), *_files(call, channel))
    flags = message.flags
    if isinstance(body.get("flags"), int):
        flags = flags & ~SUPPRESS_EMBEDS | body["flags"]
    fields["flags"] = flags & ~LOADING if answers else flags
    content = fields.get("content", message.content)
    left = {
        "content": content,
        "embeds": fields.get("embeds", message.embeds),
        "components": fields.get("components", message.components),
    }
    check_filled(left, files=len(fields.get("files", message.files)))
    return deeds.change(call.world, message, edited=not message.loading, **fields)


def name_components(components: Any) -> list[Json]:
    """Components as Discord keeps them: each with a number of its own."""
    count = 0

    def named(node: Any) -> Any:
        nonlocal count
        if isinstance(node, list):
            return [named(part) for part in node]
        if not isinstance(node, dict):
            return node
        own = {}
        if "type" in node:
            count += 1
            own = {"id": node.get("id") or count}
        return own | {
            key: named(value) if key in ("components", "accessory", "component") else value
            for key, value in node.items()
        }

    return list(named(components))


def _reference(call: Call, channel: Channel, body: Json, faults: Faults) -> Message | None:
    given = body.get("message_reference") if isinstance(body, dict) else None
    if not isinstance(given, dict) or not given.get("message_id"):
        return None
    try:
        found = call.world.message(channel, str(given["message_id"]))
    except DiscordError:
        if given.get("fail_if_not_exists", True):
            faults.add("MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message", "message_reference")
        return None
    return found


def _files(call: Call, channel: Channel) -> tuple[File, ...]:
    return tuple(deeds.keep_file(call.world, channel, one.name, one.content) for one in call.files)
