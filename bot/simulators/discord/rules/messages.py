"""What Discord accepts as a message."""

from typing import Any

from bot.simulators.discord.errors import DiscordError
from bot.simulators.discord.rules.components import check_components
from bot.simulators.discord.rules.faults import Faults

Json = dict[str, Any]

CONTENT = 2000
EMBEDS = 10
EMBED_TEXT = 6000
"""Characters of all embeds of a message together."""
FILES = 10
NONCE = 25
REQUEST = 25 * 1024 * 1024
"""Bytes of a request with its files."""

LAYOUT = 1 << 15
"""The flag of a message that is made of components alone."""

_LENGTHS = {"title": 256, "description": 4096, "url": 2048}
_PARTS = {"footer": ("text", 2048), "author": ("name", 256)}
_KINDS = frozenset({"users", "roles", "everyone"})


def check_message(body: Any, faults: Faults, *, flags: int, earlier: int = 0) -> None:
    """Note what Discord would refuse in the body of a message.

    Args:
        body: the body, or the data of an answer to an interaction.
        faults: where faults are noted.
        flags: the flags that may be set here, as one number.
        earlier: the flags of the message that is edited; 0 for a new one.
    """
    if not isinstance(body, dict):
        faults.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    given = body.get("flags") or 0
    if not isinstance(given, int) or given & ~flags:
        faults.add("MESSAGE_FLAGS_INVALID", "These flags cannot be set here.", "flags")
        given = 0
    layout = bool((given | earlier) & LAYOUT)
    if layout and (body.get("content") or body.get("embeds") or body.get("poll")):
        faults.add(
            "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            "The content and embeds fields cannot be used with components of the second version.",
            "content",
        )
    faults.text(body, "content", CONTENT)
    _check_embeds(body, faults)
    check_components(body, faults, layout=layout)
    _check_mentions(body, faults)
    nonce = body.get("nonce")
    if nonce is not None and not isinstance(nonce, int | str):
        faults.add("BASE_TYPE_CONVERT", "Could not interpret the nonce.", "nonce")
    elif len(str(nonce or "")) > NONCE:
        faults.add("BASE_TYPE_MAX_LENGTH", f"Must be {NONCE} or fewer in length.", "nonce")
    faults.items(body, "attachments", FILES)


def check_filled(body: Json, *, files: int = 0) -> None:
    """Refuse a message with nothing in it.

    Raises:
        DiscordError: 50006.
    """
    if not (
        str(body.get("content") or "").strip()
        or any(body.get(key) for key in ("embeds", "components", "sticker_ids", "poll"))
        or files
    ):
        raise DiscordError(400, 50006, "Cannot send an empty message")


def _check_embeds(body: Json, faults: Faults) -> None:
    total = 0
    for n, embed in enumerate(faults.items(body, "embeds", EMBEDS)):
        for key, most in _LENGTHS.items():
            faults.text(embed, key, most, "embeds", n)
        for key, (inner, most) in _PARTS.items():
            if isinstance(embed.get(key), dict):
                faults.text(embed[key], inner, most, "embeds", n, key)
        for m, field in enumerate(faults.items(embed, "fields", 25, "embeds", n)):
            faults.text(field, "name", 256, "embeds", n, "fields", m, least=1, required=True)
            faults.text(field, "value", 1024, "embeds", n, "fields", m, least=1, required=True)
            total += len(str(field.get("name"))) + len(str(field.get("value")))
        total += len(str(embed.get("title") or "")) + len(str(embed.get("description") or ""))
        for key, (inner, _) in _PARTS.items():
            total += len(str((embed.get(key) or {}).get(inner) or ""))
    if total > EMBED_TEXT:
        faults.add("MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {EMBED_TEXT}", "embeds")


def _check_mentions(body: Json, faults: Faults) -> None:
    allowed = body.get("allowed_mentions")
    if allowed is None:
        return
    if not isinstance(allowed, dict):
        faults.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType", "allowed_mentions")
        return
    parse = allowed.get("parse") or []
    for n, kind in enumerate(parse):
        if kind not in _KINDS:
            faults.add("BASE_TYPE_CHOICES", "Value must be one of the kinds.", "allowed_mentions", "parse", n)
    for kind in ("users", "roles"):
        names = allowed.get(kind) or []
        if names and kind in parse:
            message = f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.'
            faults.add("MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message, "allowed_mentions")
        if len(names) > 100:  # noqa: PLR2004 - Discord's number, used here alone
            faults.add("BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.", "allowed_mentions", kind)
