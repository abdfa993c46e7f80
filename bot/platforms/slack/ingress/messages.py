"""Slack's events as questions: pure functions from what Slack sends to what Candor asks."""

import html
import re
from collections.abc import Mapping
from typing import Any

from bot.platforms.slack import PLATFORM
from core.messages import Address, Asker, Question, QuestionKey

Event = Mapping[str, Any]

_INPUT = frozenset({"", "file_share", "thread_broadcast", "me_message"})
"""Subtypes that carry what a person wrote."""

_ENTITY = re.compile(r"<([^<>]*)>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_MICROSECONDS = 1_000_000

WHAT_CAN_I_ASK = "What can I ask you?"
"""What somebody asks who mentions Candor and writes nothing else."""


def written_by_person(event: Event) -> bool:
    """Whether a message is a person's own: no bot's, no notice of Slack's, no hidden change."""
    return (
        event.get("subtype", "") in _INPUT
        and not event.get("bot_id")
        and not event.get("hidden")
        and event.get("user") not in (None, "", "USLACKBOT")
    )


def mentioned(event: Event) -> set[str]:
    """Ids of the people and bots that a message mentions."""
    return set(_MENTION.findall(str(event.get("text") or "")))


def is_direct(event: Event) -> bool:
    """Whether a message stands in a conversation between one person and Candor."""
    return event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D")


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


def question(workspace: str, event: Event, bot: str, *, version: int = 0) -> Question:
    """The question that a message is."""
    channel, ts = str(event["channel"]), str(event["ts"])
    return Question(
        key=QuestionKey(platform=PLATFORM, workspace=workspace, channel=channel, message=ts, version=version),
        address=Address(
            platform=PLATFORM,
            workspace=workspace,
            channel=channel,
            thread=str(event.get("thread_ts") or ts),
            message=ts,
        ),
        asker=Asker(id=str(event["user"])),
        text=plain(str(event.get("text") or ""), bot) or WHAT_CAN_I_ASK,
    )


def edit_time(event: Event) -> int:
    """When a changed message was edited, in microseconds since 1970, so that later edits are greater."""
    edited = (event.get("message") or {}).get("edited") or {}
    seconds, _, fraction = str(edited.get("ts") or event.get("ts") or event.get("event_ts")).partition(".")
    return int(seconds) * _MICROSECONDS + int(fraction.ljust(6, "0")[:6] or 0)
