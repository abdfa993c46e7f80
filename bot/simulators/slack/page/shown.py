"""A message as a page shows it to one person."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.simulators.slack.person import Person
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message

THUMBS = {"+1": "👍", "-1": "👎"}
"""The reactions that the page offers, by their names in Slack."""

_FACES = {**THUMBS, "thumbsup": "👍", "thumbsdown": "👎", "eyes": "👀", "white_check_mark": "✅"}


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji under a message: its name, its face, how many chose it, and whether the looker did."""

    name: str
    face: str
    count: int
    mine: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template needs of a message.

    Attributes:
        at: when, for people; `since` for machines.
        words: Slack's markup, where it has no blocks or a person typed it.
        blocks: the blocks, as the app sent them.
        replies: how many replies stand below it, where they are not shown themselves.
        only_you: nobody else sees it.
        mine: the looker wrote it.
        actions: shortcuts of the app on it, by their ids.
    """

    ts: str
    author: str
    is_app: bool
    at: str
    since: str
    words: str
    blocks: Sequence[dict[str, Any]]
    reactions: Sequence[Reaction]
    files: Sequence[str]
    replies: int
    only_you: bool
    mine: bool
    edited: bool
    actions: Sequence[tuple[str, str]]


def shown(person: Person, channel: Channel, message: Message, *, in_thread: bool) -> Shown:
    """A message as this person sees it."""
    workspace = person.workspace
    stated = message.to_json()
    author = workspace.directory.users.get(message.user)
    by_app = bool(message.bot_id)
    moment = time.localtime(float(message.ts))
    replies = 0 if in_thread else len(workspace.timeline.replies(channel.id, message.ts))
    shortcuts = person.platform.app.shortcuts or {}
    return Shown(
        ts=message.ts,
        author=message.username or (author.real_name if author else "Slack"),
        is_app=by_app,
        at=time.strftime("%H:%M", moment),
        since=time.strftime("%Y-%m-%dT%H:%M:%S", moment),
        words="" if by_app and stated.get("blocks") else stated["text"],
        blocks=sorted(stated.get("blocks", []), key=_is_text) if by_app else [],
        reactions=_reactions(message, person.id),
        files=[file.name for file in message.files],
        replies=replies,
        only_you=bool(message.visible_to),
        mine=message.user == person.id and not message.subtype.startswith("channel_"),
        edited=bool(message.edited),
        actions=[(name, _words(name)) for name, kind in shortcuts.items() if kind == "message"],
    )


def _reactions(message: Message, viewer: str) -> list[Reaction]:
    if message.visible_to:
        return []
    there: dict[str, Sequence[str]] = dict.fromkeys(THUMBS, ()) if message.bot_id else {}
    users = {**there, **message.reactions}
    return [
        Reaction(name, _FACES.get(name, f":{name}:"), len(who), viewer in who) for name, who in users.items()
    ]


def _is_text(block: dict[str, Any]) -> bool:
    """Whether a block stands below the cards that say what is being done."""
    return str(block["type"]) != "task_card"


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
