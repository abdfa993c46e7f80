"""What a person finds on Candor's own page of a platform: what it can do, examples, their own history."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.books import Books
from core.messages import EVERYONE
from ledger.people import Asked, Person
from ledger.sources import Source
from ledger.turns import Turn

CAN = (
    "I answer questions from your team's documents, and show where each answer stands.",
    "I follow a thread that I was asked in, and summarise threads and documents.",
    "I say so when I do not know, and pass a question on to a person.",
)
CANNOT = (
    "I do not use documents that not everybody here may read.",
    "I keep only what I am asked. I do not keep the rest of what is written in your channels.",
    "I can be wrong: check the sources, and tell me with a thumb.",
)

FORGET_WARNING = (
    "All your questions, their answers and your thumbs will be deleted from my memory, for good. "
    "Messages that stand in your channels stay there until you delete them."
)

FORGOTTEN = "Forgotten. I keep nothing of what you asked."

_EXAMPLES, _HISTORY = 5, 8


@dataclass(frozen=True, slots=True)
class Home:
    """One person's page.

    Attributes:
        examples: questions that the documents can answer.
        history: what the person asked last, newest first; nobody else's.
        admin: whether the person may change how Candor behaves in channels.
    """

    examples: tuple[str, ...]
    history: tuple[Asked, ...]
    admin: bool


def gather(books: Books, person: Person, *, admin: bool) -> Home:
    """What stands on a person's page just now.

    Raises:
        LedgerUnavailable: the ledger does not answer.
    """
    return Home(examples(books, _EXAMPLES), tuple(books.people.history(person, _HISTORY)), admin)


def examples(books: Books, most: int) -> tuple[str, ...]:
    """Questions that documents which everybody may read can answer, a few of each source.

    Raises:
        LedgerUnavailable: the ledger does not answer.
    """
    open_to_all = [list(source.examples) for source in books.sources.list() if EVERYONE in source.readers]
    longest = max(map(len, open_to_all), default=0)
    by_turns = (each[n] for n in range(longest) for each in open_to_all if n < len(each))
    return tuple(dict.fromkeys(by_turns))[:most]


def forget(
    books: Books, person: Person, stop: Callable[[Turn], None], take_back: Callable[[str], None]
) -> int:
    """Forget what somebody asked.

    Args:
        books: the ledger's books.
        person: who asked.
        stop: ends a turn that is still being answered.
        take_back: takes a turn from the people whom it was handed to.

    Returns:
        How many questions were forgotten.

    Raises:
        LedgerUnavailable: the ledger does not answer, and nothing is forgotten.
    """
    for turn_id in books.people.open(person):
        if turn := books.threads.turn(turn_id):
            stop(turn)
    for turn_id in books.people.handed_over(person):
        take_back(turn_id)
    return books.people.forget(person)


def readable(books: Books, groups: Iterable[str]) -> list[Source]:
    """The sources that somebody of these groups may read.

    Raises:
        LedgerUnavailable: the ledger does not answer.
    """
    own = set(groups)
    return [source for source in books.sources.list() if own.intersection(source.readers)]


def source_name(location: str) -> str:
    """A source's name without the folders that it lies in on the server."""
    return location if "://" in location else PurePosixPath(location).name or location
