"""Live values, and which of them a statement means: by the label that it names and the day that it gives."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.tools import Fact
from workers.figures import units
from workers.figures.numbers import Number, numbers, readings

_WORD = re.compile(r"[^\W_]+")
_PUBLISHED = re.compile(
    r"\b(?:publish\w*|releas\w*|synced|updated|veröffentlicht\w*)\W+(?:\w+\W+){0,2}\Z", re.IGNORECASE
)
_COMPARED = re.compile(
    r"\b(?:since|than (?:on|in)|compared (?:to|with)|seit|depuis|desde)\W+\Z", re.IGNORECASE
)
NOW = re.compile(
    r"\b(?:today(?:['’]s)?|now|currently|current|at present|at the moment|this (?:week|morning)|heute"
    r"|derzeit|aktuell\w*|hoy|aujourd['’]hui)\b",
    re.IGNORECASE,
)
OLD = re.compile(
    r"\b(?:stale|old|older|outdated|not? (?:longer )?current|(?:latest|last) available|veraltet)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Key:
    """What tells the facts of one label from those of another: its numbers, such as "30-year", else words."""

    numbers: tuple[Number, ...] = ()
    words: frozenset[str] = frozenset()

    def places(self, text: str, stated: Sequence[Number]) -> list[int]:
        """Where a text names it."""
        if self.numbers:
            return [
                each.start
                for each in stated
                if any(each.same(mine) and each.unit == mine.unit for mine in self.numbers)
            ]
        return [match.start() for match in _WORD.finditer(text) if match.group().casefold() in self.words]


@dataclass(frozen=True, slots=True)
class Kin:
    """Live values of one unit, which can be taken for one another: by label, what each is named by."""

    facts: tuple[Fact, ...]
    keys: Mapping[str, Key]

    @property
    def told_apart(self) -> bool:
        """Whether there is more than one label."""
        return len(self.keys) > 1

    def named(self, text: str, stated: Sequence[Number]) -> list[tuple[int, Key]]:
        """The labels that a text names, in order; one that is named twice in a row counts once."""
        found = sorted(
            ((place, key) for key in self.keys.values() for place in key.places(text, stated)),
            key=lambda each: each[0],
        )
        return [each for at, each in enumerate(found) if not at or found[at - 1][1] != each[1]]


class Facts:
    """The live values that the tools of one answer gave."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self.all = tuple(dict.fromkeys(facts))
        self._values = {fact: _value(fact) for fact in self.all}
        by_unit: dict[str, list[Fact]] = {}
        for fact in self.all:
            by_unit.setdefault(fact.unit, []).append(fact)
        self.kin = tuple(Kin(tuple(some), _keys(some)) for some in by_unit.values())

    def value(self, fact: Fact) -> Number:
        """A fact's value as a number."""
        return self._values[fact]

    def named(self, text: str, stated: Sequence[Number]) -> list[Key]:
        """The labels that a text names, in order."""
        return [key for kin in self.kin if kin.told_apart for _, key in kin.named(text, stated)]

    def label_units(self) -> frozenset[str]:
        """The units of time that labels are told apart by, such as the years of "30-year"."""
        return frozenset(number.unit for fact in self.all for number in numbers(fact.label)) & units.SPANS

    def units(self) -> frozenset[str]:
        """The units of their values."""
        return frozenset(self._values[fact].unit for fact in self.all if " per " not in fact.unit)


def meant(
    mentions: Sequence[tuple[int, Key]], places: Sequence[int], before: Sequence[Key]
) -> list[Key | None]:
    """Which label each live value of a statement belongs to.

    As many labels as values go together in their order; else a value belongs to the last label before it,
    or the first behind it. A statement that names none goes on from the labels that were named before.

    Args:
        mentions: the labels that the statement names, in order, with their places.
        places: where its live values stand, in order.
        before: the labels of the statement before, or of the question.

    Returns:
        One label for each value; None where any may be meant.
    """
    if not mentions:
        if len(before) == len(places):
            return list(before)
        return [before[-1] if before else None] * len(places)
    if len(mentions) == len(places):
        return [key for _, key in mentions]
    return [next((key for at, key in reversed(mentions) if at < place), mentions[0][1]) for place in places]


def rates(facts: Sequence[Fact]) -> list[tuple[str, str, Decimal]]:
    """The facts that are so much of one thing for one of another, such as 1.08 "USD per EUR"."""
    return [
        (counted, per, value)
        for fact in facts
        for counted, between, per in [fact.unit.partition(" per ")]
        if between
        for value in readings(fact.value)
    ]


def compares_with(text: str, start: int) -> bool:
    """Whether the date that stands at a place is one that something is compared with, as in "since May"."""
    return bool(_COMPARED.search(text, max(0, start - 30), start))


def is_publication(text: str, start: int) -> bool:
    """Whether the date that stands at a place is said to be when something was published."""
    return bool(_PUBLISHED.search(text, max(0, start - 60), start))


def _value(fact: Fact) -> Number:
    found = next(iter(sorted(numbers(f"{fact.value} {fact.unit}"), key=lambda each: each.start)), None)
    if found and found.values:
        return found
    values = readings(fact.value) if re.fullmatch(r"\d+(?:[.,]\d+)*", fact.value) else frozenset()
    return Number(0, len(fact.value), values, literal="" if values else fact.value)


def _keys(facts: Sequence[Fact]) -> dict[str, Key]:
    """What tells each label from the others; a label alone is known by its numbers or not at all."""
    labels = list(dict.fromkeys(fact.label for fact in facts))
    words = {label: frozenset(word.casefold() for word in _WORD.findall(label)) for label in labels}
    shared = frozenset.intersection(*words.values()) if words else frozenset()
    keys: dict[str, Key] = {}
    for label in labels:
        told = tuple(
            number
            for number in numbers(label)
            if number.unit
            and all(
                other == label or not any(number.same(each) for each in numbers(other)) for other in labels
            )
        )
        keys[label] = (
            Key(numbers=told)
            if told
            else Key(words=words[label] - shared if len(labels) > 1 else frozenset())
        )
    return keys
