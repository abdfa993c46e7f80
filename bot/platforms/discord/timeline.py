"""What stands in Discord's channels and threads, read page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.platforms.discord.guilds import Guilds
from bot.platforms.discord.words import plain

Message = Mapping[str, Any]

_PAGE = 100
_WRITTEN = frozenset({0, 19})
"""Messages that people write themselves: plain ones and replies."""

_STARTER = 21
"""What stands in a thread for the message that it was opened at."""

_PUBLIC_THREADS = frozenset({10, 11})


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lists of Discord.

    Each method raises Unavailable when Discord does not answer, and Unwelcome where Candor may not read.
    """

    guilds: Guilds

    def history(self, channel: str, first: int = 0) -> Iterator[Message]:
        """The messages of a channel or thread, newest first, down to the one with this id."""
        before: dict[str, str] = {}
        while True:
            page = self.guilds.read(f"/channels/{channel}/messages", limit=_PAGE, **before) or []
            for message in page:
                if int(message["id"]) < first:
                    return
                yield _opened(message)
            if len(page) < _PAGE:
                return
            before = {"before": str(page[-1]["id"])}

    def threads(self, guild: str, channel: str) -> Iterator[Mapping[str, Any]]:
        """The public threads of a channel, open ones and archived ones."""
        active = self.guilds.read(f"/guilds/{guild}/threads/active").get("threads") or []
        yield from (each for each in active if _is_public(each, channel))
        before: dict[str, str] = {}
        while True:
            page = self.guilds.read(f"/channels/{channel}/threads/archived/public", limit=_PAGE, **before)
            found = page.get("threads") or []
            yield from (each for each in found if _is_public(each, channel))
            if not page.get("has_more") or not found:
                return
            before = {"before": str(found[-1]["thread_metadata"]["archive_timestamp"])}


def written_by_person(message: Message) -> bool:
    """Whether a person wrote a message, rather than a bot, a webhook or Discord itself."""
    author = message.get("author") or {}
    by_program = author.get("bot") or message.get("webhook_id")
    return message.get("type") in _WRITTEN and not by_program


def text_of(message: Message, bot: str) -> str:
    """A message's words as people read them."""
    names = {str(each["id"]): called(each) for each in message.get("mentions") or []}
    return plain(str(message.get("content") or ""), names, bot)


def called(user: Mapping[str, Any]) -> str:
    """What people call somebody."""
    return str(user.get("global_name") or user.get("username") or "somebody")


def _opened(message: Message) -> Message:
    """The message itself, where a thread shows only that it was opened at it."""
    first = message.get("referenced_message")
    return first if message.get("type") == _STARTER and isinstance(first, Mapping) else message


def _is_public(thread: Mapping[str, Any], channel: str) -> bool:
    return thread.get("parent_id") == channel and thread.get("type") in _PUBLIC_THREADS
