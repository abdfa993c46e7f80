"""What people ask by commands and menus besides questions, and what Discord proposes while they type."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot import summaries
from bot.books import Books
from bot.home import FORGET_WARNING, FORGOTTEN, examples, forget, readable, source_name
from bot.intake import Intake
from bot.manners import SWITCHED_OFF
from bot.outgoing import Json, Payload
from bot.platforms.discord import PLATFORM, words
from bot.platforms.discord.ingress import channel_forms, messages
from bot.platforms.discord.ingress.channel_forms import HEARING, VOICE
from bot.platforms.discord.ingress.commands import (
    ASK_ABOUT,
    FORGET_ME,
    SEARCH,
    SETTINGS,
    SOURCES,
    SUMMARISE_FROM,
    SUMMARIZE,
)
from bot.platforms.discord.ingress.handing import Handing
from bot.platforms.discord.ingress.hearing import Hearing
from bot.platforms.discord.ingress.interaction import EPHEMERAL, Interaction, Reaction, say
from bot.platforms.discord.places import DIRECT, guild_group
from bot.platforms.discord.render import plain
from core import log
from core.channels import Listening
from core.messages import EVERYONE, Asker, Question, Span, Task
from ledger.people import Person
from ledger.sources import Source

_log = log.get(__name__)

ONLY_ADMINS = "Only people who may manage this server can change how I behave in a channel."
NO_CHANNEL = "Direct messages have no settings. Use this in a channel."
SAVED = "Saved. It holds from now on."
UNREADABLE = "I cannot read these settings. Please open them again."
NO_SOURCES = "There are no documents yet that I may answer from here."
NOTHING_SAID = "There are no words in this message that I could look up."
NOTHING_ASKED = "Tell me what to look for."

_ADMINISTRATOR, _MANAGE_GUILD = 1 << 3, 1 << 5
_CHOICES, _CHOICE = 25, 100
_HISTORY = 50
_LISTED = 20
_RED = 4

_MOMENTS = (
    *("today", "yesterday", "this week", "the last hour", "the last day", "the last 3 days", "the last week"),
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "the last month"),
)


class Commanding:
    """Takes commands.

    Each method raises LedgerUnavailable where nothing is written down.
    """

    def __init__(self, intake: Intake, books: Books, hearing: Hearing, handing: Handing) -> None:
        self._intake = intake
        self._books = books
        self._hearing = hearing
        self._handing = handing
        self.commands: Mapping[str, Callable[[Interaction], Payload]] = {
            SEARCH: self._search,
            SUMMARIZE: self._summarize,
            SOURCES: self._sources,
            SETTINGS: self._settings,
            FORGET_ME: self._forget_me,
            ASK_ABOUT: self._ask_about,
            SUMMARISE_FROM: self._summarise_from,
        }
        self.forms: Mapping[str, Callable[[Interaction], Payload]] = {SETTINGS: self._save}
        self.buttons: Mapping[str, Callable[[Interaction], Payload]] = {FORGET_ME: self._forget}

    def propose(self, interaction: Interaction) -> Payload:
        """Values for the option that somebody is typing; what they have typed stands in them."""
        focused = next((each for each in interaction.options if each.get("focused")), {})
        typed = str(focused.get("value") or "").strip().casefold()
        values = _MOMENTS if focused.get("name") == "since" else self._questions(interaction)
        fitting = [each for each in values if typed in each.casefold() and len(each) <= _CHOICE]
        choices: list[Json] = [{"name": each, "value": each} for each in fitting[:_CHOICES]]
        return {"type": Reaction.CHOICES, "data": {"choices": choices}}

    def _questions(self, interaction: Interaction) -> list[str]:
        """What this person asked before, and what the documents can answer."""
        own = self._books.people.history(_person(interaction), _HISTORY)
        asked = [" ".join(each.text.split()) for each in own]
        return list(dict.fromkeys(each for each in [*asked, *examples(self._books, _CHOICES)] if each))

    def _search(self, interaction: Interaction) -> Payload:
        query = str(interaction.option("query")).strip()
        return self._take(interaction, query, Task.SEARCH) if query else say(NOTHING_ASKED)

    def _summarize(self, interaction: Interaction) -> Payload:
        """Summarise a document, a channel since a moment, or the thread that this is written in."""
        document = str(interaction.option("document")).strip()
        if document:
            return self._take(interaction, f"Summarise {document}", Task.SUMMARIZE, subject=document)
        channel, since = str(interaction.option("channel")), str(interaction.option("since")).strip()
        place = interaction.place
        if place.parent and not channel and not since:
            span = Span(channel=place.parent, thread=place.channel)
        else:
            span = Span(channel=channel or place.parent or place.channel, since=since)
        return self._take(interaction, "Summarise what was said", Task.SUMMARIZE, span=span)

    def _ask_about(self, interaction: Interaction) -> Payload:
        """Take a message that somebody wants to know more about, as a question of theirs."""
        text = _bare(str(interaction.target.get("content") or ""))
        return self._take(interaction, text, Task.ANSWER) if text else say(NOTHING_SAID)

    def _summarise_from(self, interaction: Interaction) -> Payload:
        """Summarise what was said since a message, that message included."""
        place = interaction.place
        thread = place.channel if place.parent else ""
        span = Span(
            channel=place.parent or place.channel, thread=thread, first=str(interaction.target.get("id", ""))
        )
        return self._take(interaction, "Summarise from here", Task.SUMMARIZE, span=span)

    def _take(self, interaction: Interaction, text: str, task: Task, **more: Any) -> Payload:
        """Take what is asked; the asker alone sees what comes of it."""
        if interaction.place.guild and self._is_off(interaction):
            return say(SWITCHED_OFF)
        question = Question(
            key=messages.key(interaction.place, interaction.id),
            address=interaction.alone,
            asker=Asker(id=interaction.person, name=interaction.name),
            text=text,
            task=task,
            **more,
        )
        self._intake.take(summaries.spanned(question) if task is Task.ANSWER else question)
        return {"type": Reaction.DEFER, "data": {"flags": EPHEMERAL}}

    def _sources(self, interaction: Interaction) -> Payload:
        found = readable(self._books, _groups(interaction))
        lines = [_line(source) for source in found[:_LISTED]]
        if len(found) > _LISTED:
            lines.append(f"…and {len(found) - _LISTED} more.")
        return say("\n".join(["I answer from:", *lines]) if found else NO_SOURCES)

    def _settings(self, interaction: Interaction) -> Payload:
        """Open one of the forms with the channel's settings, for those who may manage the server."""
        if not interaction.place.guild:
            return say(NO_CHANNEL)
        if not _is_admin(interaction):
            return say(ONLY_ADMINS)
        which = VOICE if interaction.subcommand == VOICE else HEARING
        now = self._books.channels.of(interaction.address)
        name = f"{SETTINGS}:{which}"
        if which == VOICE:
            sources = readable(self._books, _groups(interaction))
            return {"type": Reaction.FORM, "data": channel_forms.voice_form(name, now, sources)}
        return {"type": Reaction.FORM, "data": channel_forms.hearing_form(name, now)}

    def _save(self, interaction: Interaction) -> Payload:
        """Save what an admin filled in. Asked again: whoever opened the form may be no admin any more."""
        if not interaction.place.guild or not _is_admin(interaction):
            return say(ONLY_ADMINS)
        place = interaction.address
        settings = channel_forms.read(self._books.channels.of(place), interaction.data)
        if settings is None:
            return say(UNREADABLE)
        self._books.channels.set(place, settings, by=interaction.person)
        _log.info("channel settings changed", channel=place.channel, by=interaction.person)
        return say(SAVED)

    def _forget_me(self, _interaction: Interaction) -> Payload:
        """Warn somebody before anything of theirs is deleted."""
        button: Json = {"type": 2, "style": _RED, "label": "Forget me", "custom_id": f"{FORGET_ME}:"}
        row: Json = {"type": 1, "components": [button]}
        data: Json = {"content": FORGET_WARNING, "flags": EPHEMERAL, "components": [row]}
        return {"type": Reaction.SAY, "data": data}

    def _forget(self, interaction: Interaction) -> Payload:
        """Forget whoever pressed, in this server and in their direct messages."""
        for workspace in dict.fromkeys((messages.workspace(interaction.place), DIRECT)):
            who = Person(PLATFORM, workspace, interaction.person)
            forget(self._books, who, self._hearing.stop, self._handing.take_back)
        return {"type": Reaction.UPDATE, "data": {"content": FORGOTTEN, "components": []}}

    def _is_off(self, interaction: Interaction) -> bool:
        return self._books.channels.of(interaction.address).listening is Listening.OFF


def _bare(content: str) -> str:
    """Words without what stands for people, roles and channels in them."""
    return words.plain(re.sub(r"<@[!&]?\d+>", "", content), {})


def _person(interaction: Interaction) -> Person:
    return Person(PLATFORM, messages.workspace(interaction.place), interaction.person)


def _groups(interaction: Interaction) -> tuple[str, ...]:
    """The reader groups of whoever stands in this server."""
    guild = interaction.place.guild
    return (EVERYONE, guild_group(guild)) if guild else (EVERYONE,)


def _is_admin(interaction: Interaction) -> bool:
    return bool(interaction.permissions & (_ADMINISTRATOR | _MANAGE_GUILD))


def _line(source: Source) -> str:
    when = f"read on {source.synced_at:%Y-%m-%d}" if source.synced_at else "not read yet"
    name = source_name(source.location)
    return f"- {plain(name[:_CHOICE])} ({when})"
