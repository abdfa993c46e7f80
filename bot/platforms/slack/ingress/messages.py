"""Slack's events as questions: pure functions from what Slack sends to what Candor asks."""

import re

from bot import summaries
from bot.manners import Heard
from bot.platforms.slack import PLATFORM
from bot.platforms.slack.files import attached
from bot.platforms.slack.words import Event, plain
from core.messages import Address, Asker, Question, QuestionKey

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_MICROSECONDS = 1_000_000

WHAT_CAN_I_ASK = "What can I ask you?"
"""What somebody asks who mentions Candor and writes nothing else."""

SUMMARISE_FILES = "Summarise this file"
"""What somebody asks who attaches a file and writes nothing else."""


def mentioned(event: Event) -> set[str]:
    """Ids of the people and bots that a message mentions."""
    return set(_MENTION.findall(str(event.get("text") or "")))


def is_direct(event: Event) -> bool:
    """Whether a message stands in a conversation between one person and Candor."""
    return event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D")


def author(event: Event) -> str:
    """Who wrote a message: a person's or bot's user, or a bot that has none."""
    return str(event.get("user") or event.get("bot_id") or "")


def heard(event: Event, bot: str) -> Heard:
    """What a message is to Candor's manners."""
    named = mentioned(event)
    return Heard(
        author=author(event),
        text=plain(str(event.get("text") or ""), bot),
        direct=is_direct(event),
        named=bot in named,
        others=bool(named - {bot}),
        threaded=str(event.get("thread_ts") or event["ts"]) != str(event["ts"]),
        bot=bool(event.get("bot_id")),
    )


def to_asker(question: Question) -> Question:
    """The same question with a reply that its asker alone sees, in a conversation of the asker's own."""
    if question.address.handle:
        return question
    address, asker = question.address, question.asker.id
    below = address.thread if address.thread != address.message else ""
    private = {"thread": f"{address.thread}/{asker}", "handle": f"{asker}||{below}"}
    return question.model_copy(update={"address": address.model_copy(update=private)})


def question(workspace: str, event: Event, bot: str, *, version: int = 0) -> Question:
    """The question that a message is. What is said in a channel is summarised for its asker alone."""
    channel, ts = str(event["channel"]), str(event["ts"])
    files = attached(event)
    asked = Question(
        key=QuestionKey(platform=PLATFORM, workspace=workspace, channel=channel, message=ts, version=version),
        address=Address(
            platform=PLATFORM,
            workspace=workspace,
            channel=channel,
            thread=str(event.get("thread_ts") or ts),
            message=ts,
        ),
        asker=Asker(id=author(event), bot=bool(event.get("bot_id"))),
        text=plain(str(event.get("text") or ""), bot) or (SUMMARISE_FILES if files else WHAT_CAN_I_ASK),
        files=files,
    )
    if asked.asker.bot:
        return asked
    spanned = summaries.spanned(asked)
    return to_asker(spanned) if spanned.span and not is_direct(event) else spanned


def place(workspace: str, event: Event) -> Address:
    """Where a message stands, whoever is to see the reply."""
    channel, ts = str(event["channel"]), str(event["ts"])
    thread = str(event.get("thread_ts") or ts)
    return Address(platform=PLATFORM, workspace=workspace, channel=channel, thread=thread, message=ts)


def edit_time(event: Event) -> int:
    """When a changed message was edited, in microseconds since 1970, so that later edits are greater."""
    edited = (event.get("message") or {}).get("edited") or {}
    seconds, _, fraction = str(edited.get("ts") or event.get("ts") or event.get("event_ts")).partition(".")
    return int(seconds) * _MICROSECONDS + int(fraction.ljust(6, "0")[:6] or 0)
