"""What a person finds on Candor's own page of a platform: what it can do, examples, their own history."""

from dataclasses import dataclass

from bot.books import Books
from core.messages import EVERYONE
from ledger.people import Asked, Person

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
