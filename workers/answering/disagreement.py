"""Disagreement: passages of different documents that say the same with other figures, or are outdated."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from core.documents import Chunk, Passage
from workers.answering.abstention import named

STALE_DAYS = 365
"""A passage this much older than another one about the same thing is said to be so."""

_ABOUT_THE_SAME = 0.3
"""Share of the words of two passages of the same title (Jaccard) from which they are about the same thing."""

_ALIKE = 0.8
"""Share of the words of two sentences (Jaccard) from which they say the same, figures apart."""

_ALIKE_BY_SUBJECT = 0.6
"""The same where the two stand below the same heading or title."""

_FEWEST_WORDS = 3
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])|\n+")
_FIGURE = re.compile(r"\d+(?:[.,:/-]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two given passages (from 0) that do not go together: the older one first where both have a date.

    Attributes:
        one, other: the passages.
        text: a sentence for the asker, with both titles and dates.
    """

    one: int
    other: int
    text: str


@dataclass(frozen=True, slots=True)
class _Claim:
    words: frozenset[str]
    figures: frozenset[str]
    years: frozenset[str]


def disagreements(passages: Sequence[Passage]) -> tuple[Disagreement, ...]:
    """Pairs of passages that contradict each other, or of which one outdates the other.

    Two sentences contradict each other when their words are the same but not their figures. Sentences about
    different years do not, nor do records, whose figures differ by nature.
    """
    claims = [list(_claims(each.chunk)) for each in passages]
    found: list[Disagreement] = []
    for (one, first), (other, second) in combinations(enumerate(passages), 2):
        if _same_document(first.chunk, second.chunk) or first.chunk.fields or second.chunk.fields:
            continue
        subject = bool(_subjects(first.chunk) & _subjects(second.chunk))
        alike = _ALIKE_BY_SUBJECT if subject else _ALIKE
        older, newer = sorted((one, other), key=lambda at: passages[at].chunk.date)
        dated = f"{_dated(passages[older].chunk)} and {_dated(passages[newer].chunk)}"
        if any(_contradict(mine, theirs, alike) for mine in claims[one] for theirs in claims[other]):
            found.append(Disagreement(older, newer, f"The sources disagree: {dated}."))
        elif _outdates(passages[older].chunk, passages[newer].chunk):
            found.append(Disagreement(older, newer, f"The sources are of different age: {dated}."))
    return tuple(found)


def remarks(found: Sequence[Disagreement], used: Collection[int]) -> str:
    """What the asker should know of the passages (from 0) that an answer rests on: Markdown, or empty."""
    touching = dict.fromkeys(each.text for each in found if {each.one, each.other} & set(used))
    return "\n\n".join(f"_{text}_" for text in touching)


def _claims(chunk: Chunk) -> Iterator[_Claim]:
    """The sentences of a chunk that hold a figure."""
    for sentence in _SENTENCE_END.split(chunk.text):
        figures = frozenset(_FIGURE.findall(sentence))
        words = frozenset(word.casefold() for word in _WORD.findall(sentence))
        if figures and len(words) >= _FEWEST_WORDS:
            years = frozenset(figure for figure in figures if _YEAR.fullmatch(figure))
            yield _Claim(words, figures, years)


def _contradict(one: _Claim, other: _Claim, alike: float) -> bool:
    if one.figures == other.figures or one.years != other.years:
        return False
    return len(one.words & other.words) >= alike * len(one.words | other.words)


def _outdates(older: Chunk, newer: Chunk) -> bool:
    if _plain(older.title) != _plain(newer.title) or _days(older, newer) <= STALE_DAYS:
        return False
    one, other = (set(_WORD.findall(chunk.text.casefold())) for chunk in (older, newer))
    return len(one & other) >= _ABOUT_THE_SAME * len(one | other)


def _same_document(one: Chunk, other: Chunk) -> bool:
    return (one.source_id, one.document_id) == (other.source_id, other.document_id)


def _subjects(chunk: Chunk) -> frozenset[str]:
    return frozenset(_plain(name) for name in (chunk.title, *chunk.heading[-1:]))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _dated(chunk: Chunk) -> str:
    return f"{named(chunk.title)} ({chunk.date or 'no date'})"


def _days(older: Chunk, newer: Chunk) -> int:
    """Days between two dates; 0 where one is missing."""
    if not (older.date and newer.date):
        return 0
    return (dt.date.fromisoformat(newer.date[:10]) - dt.date.fromisoformat(older.date[:10])).days
