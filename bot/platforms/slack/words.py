"""What stands in Slack's messages: whose they are, and what a person meant by their text."""

import datetime as dt
import html
import re
from collections.abc import Mapping
from typing import Any

Event = Mapping[str, Any]

_INPUT = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes that carry what a person wrote."""

_ENTITY = re.compile(r"<([^<>]*)>")


def written_by_person(event: Event) -> bool:
    """Whether a message is a person's own: no bot's, no notice of Slack's, no hidden change."""
    return (
        event.get("subtype", "") in _INPUT
        and not event.get("bot_id")
        and not event.get("hidden")
        and event.get("user") not in (None, "", "USLACKBOT")
    )


def written_by_bot(event: Event) -> bool:
    """Whether a message is another bot's, or that of somebody's script; our own never come this far."""
    subtype = event.get("subtype", "")
    return (
        (subtype in _INPUT or subtype == "bot_message")
        and bool(event.get("bot_id"))
        and not event.get("hidden")
    )


def day(ts: str) -> str:
    """The ISO 8601 day of a message, in UTC."""
    return dt.datetime.fromtimestamp(float(ts), dt.UTC).date().isoformat()


def conversations(ts: str, thread: str) -> tuple[str, ...]:
    """The conversations of a source that a message may stand in: its thread, or else its day."""
    return (thread,) if thread not in ("", ts) else (ts, day(ts))


def plain(text: str, bot: str = "") -> str:
    """What a person meant by a message's text: entities resolved, the bot's own mention taken out."""

    def resolved(match: re.Match[str]) -> str:
        target, _, label = match[1].partition("|")
        if target == f"@{bot}":
            return ""
        if target.startswith(("@", "#")):
            return target[0] + (label or target[1:])
        if target.startswith("!"):
            return label or f"@{target[1:].partition('^')[0]}"
        return f"{label} ({target})" if label and label not in target else target

    return " ".join(html.unescape(_ENTITY.sub(resolved, text)).split(" ")).strip()
