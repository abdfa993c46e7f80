"""The check of figures: each rests on a tool's result or a cited passage, or is worked out from them."""

import datetime as dt
import re
from collections.abc import Sequence

from core.documents import Chunk, Passage
from core.tools import Fact, ToolResult
from workers.answering.grounding.figures import arithmetic
from workers.answering.grounding.figures.facts import (
    NOW,
    OLD,
    Facts,
    Key,
    compares_with,
    is_publication,
    meant,
    rates,
)
from workers.answering.grounding.figures.stated import stated
from workers.answering.grounding.figures.subjects import Read, swapped
from workers.figures import units
from workers.figures.dates import Date
from workers.figures.numbers import Number
from workers.figures.reading import Figures, figures

_MOST_COUNTED = 20


class FigureCheck:
    """Holds the statements of one answer, in their order, against what they rest on.

    Args:
        question: what was asked; its figures may be said again beside others, and worked with.
        results: what the tools handed back.

    Attributes:
        used: the live values that statements have stated, in order.
    """

    def __init__(self, question: str = "", results: Sequence[ToolResult] = ()) -> None:
        self.used: list[Fact] = []
        self._question = question
        self._given = results
        self._asked = figures(question)
        self._facts = Facts([fact for result in results for fact in result.facts])
        self._results = [figures(_said(result)) for result in results if not result.failed]
        self._before: list[Key] = self._facts.named(question, self._asked.numbers)
        if len(self._before) > 1:
            self._before = []

    def anew(self) -> "FigureCheck":
        """A check of the same answer that has seen no text yet."""
        return FigureCheck(self._question, self._given)

    def wrong(self, text: str, passages: Sequence[Passage]) -> list[str]:
        """The figures of a statement that rest on nothing, as they are written.

        Args:
            text: the statement, with or without markers.
            passages: those that it cites.
        """
        said = stated(text)
        if not said.numbers and not said.dates:
            return self._now(said, [])
        sources = [figures(_read(each.chunk)) for each in passages]
        tied = self._tied(said)
        named = self._facts.named(said.text, said.numbers)
        wrong = [
            said.text[each.start : each.end]
            for each in said.numbers
            if not self._founded(each, said, tied, sources)
        ]
        live = [fact for facts in tied.values() for fact in facts]
        wrong += [
            said.text[each.start : each.end]
            for each in said.dates
            if not self._dated(each, said, live, sources)
        ]
        wrong += self._crossed(said, tied)
        wrong += self._now(said, live)
        if not wrong:
            self._before = named or self._before
            self.used += [fact for fact in live if fact not in self.used]
        return wrong

    @property
    def has_results(self) -> bool:
        """Whether a tool has returned anything."""
        return bool(self._results)

    @property
    def returned(self) -> str:
        """All that the tools returned, as text."""
        return "\n".join(each.text for each in self._results)

    @staticmethod
    def has_figures(text: str) -> bool:
        """Whether a statement states any figure."""
        said = stated(text)
        return bool(said.dates) or any(not each.counts for each in said.numbers)

    def _tied(self, said: Figures) -> dict[Number, list[Fact]]:
        """Each number that has a live value, with the facts of that value that it can mean."""
        tied: dict[Number, list[Fact]] = {}
        for kin in self._facts.kin:
            mentions = kin.named(said.text, said.numbers) if kin.told_apart else []
            places = {place for place, _ in mentions}
            live = {
                each: facts
                for each in said.numbers
                if each.start not in places
                and (facts := [fact for fact in kin.facts if each.same(self._facts.value(fact))])
            }
            before = [key for key in self._before if key in kin.keys.values()]
            keys = meant(mentions, [each.start for each in live], before)
            for (number, facts), key in zip(live.items(), keys, strict=True):
                fitting = [
                    fact for fact in facts if key in (None, kin.keys[fact.label]) or not kin.told_apart
                ]
                dated = [
                    fact
                    for fact in fitting
                    if fact.as_of and any(each.within(fact.as_of) for each in said.dates)
                ]
                tied[number] = [*tied.get(number, ()), *(dated or fitting)]
        return tied

    def _founded(
        self, number: Number, said: Figures, tied: dict[Number, list[Fact]], sources: list[Figures]
    ) -> bool:
        returned = number not in tied and any(result.has(number) for result in self._results)
        if number.counts or tied.get(number) or returned:
            return True
        if number in tied and self._facts.named(said.text, said.numbers):
            return False  # a live value under another one's name
        if any(source.has(number) for source in sources):
            return not swapped(number, Read(said), [Read(each) for each in sources])
        if _lists(number, sources):
            return True
        if self._repeats(number, said, sources, tied):
            return True
        return self._worked_out(number, said, sources, tied)

    def _repeats(
        self, number: Number, said: Figures, sources: list[Figures], tied: dict[Number, list[Fact]]
    ) -> bool:
        """Whether it says a figure of the question again beside one that rests on something."""
        if not self._asked.has(number) or number.unit in self._facts.units() | self._facts.label_units():
            return False
        others = [each for each in said.numbers if each != number and not each.counts]
        return any(
            any(each.has(other) for each in (*sources, *self._results))
            or self._worked_out(other, said, sources, tied)
            for other in others
        )

    def _worked_out(
        self, number: Number, said: Figures, sources: list[Figures], tied: dict[Number, list[Fact]]
    ) -> bool:
        facts = list(self._facts.all)
        if arithmetic.CHANGE.search(said.text):
            facts = self._of_one_label(said, tied)
        mine = [
            each
            for each in said.numbers
            if each != number
            and not self._is_label(each)
            and any(some.has(each) for some in (*sources, *self._results, self._asked))
        ]
        asked = [each for each in self._asked.numbers if not self._is_label(each)]
        known = [*(self._facts.value(fact) for fact in facts), *mine, *asked]
        exchanged = rates(facts)
        if any(
            arithmetic.comes_to(number, result)
            for amount in (*mine, *asked)
            for result in arithmetic.converted(amount, exchanged)
        ):
            return True
        times = [each for each in said.numbers if each != number and not self._is_label(each)]
        if not exchanged and arithmetic.derived(number, said.text, known, times=mine, rounded=not facts):
            return True
        if facts and (not sources or number.unit in self._facts.units()):
            return False  # nothing about a live value is worked out from a document
        cited = [each for source in sources for each in source.numbers]
        whole = [each for each in cited if each.unit] if number.unit == units.PERCENT else []
        near = whole or [each for each in cited if each.unit == number.unit]
        return arithmetic.derived(number, said.text, [*known, *near], times=times) or any(
            arithmetic.rounds_to(value, number, said.text) for each in near for value in each.values
        )

    def _of_one_label(self, said: Figures, tied: dict[Number, list[Fact]]) -> list[Fact]:
        """The facts that a change can be between: those of the one label that a statement is about."""
        if len({fact.label for fact in self._facts.all}) == 1:
            return list(self._facts.all)
        named = set(self._facts.named(said.text, said.numbers) or self._before)
        labels = {fact.label for facts in tied.values() for fact in facts}
        labels |= {label for kin in self._facts.kin for label, key in kin.keys.items() if key in named}
        return [fact for fact in self._facts.all if fact.label in labels] if len(labels) == 1 else []

    def _is_label(self, number: Number) -> bool:
        return bool(number.unit) and number.unit in self._facts.label_units()

    def _dated(self, date: Date, said: Figures, live: list[Fact], sources: list[Figures]) -> bool:
        days = [fact.as_of for fact in live if fact.as_of]
        in_results = any(result.says(date) for result in self._results)
        if any(date.within(day) for day in days):
            return True
        if any(source.says(date) for source in sources):
            return not swapped(date, Read(said), [Read(each) for each in sources])
        if not days:
            return in_results or (self._asked.says(date) and not self._facts.all)
        if compares_with(said.text, date.start):
            return any(fact.as_of and date.within(fact.as_of) for fact in self._facts.all)
        others = [each for each in said.dates if each != date]
        asked = self._asked.says(date) and any(each.within(day) for each in others for day in days)
        return asked or (in_results and is_publication(said.text, date.start))

    def _crossed(self, said: Figures, tied: dict[Number, list[Fact]]) -> list[str]:
        """Values and days in the wrong order, where there are as many of these as of those."""
        whole = [each for each in said.dates if any(each.within(day) for day in self._days(tied))]
        if not whole or len(tied) < 2:  # noqa: PLR2004 - one of each cannot be crossed
            return []
        if len(whole) != len(tied):
            return [
                said.text[date.start : date.end]
                for date in whole
                if not compares_with(said.text, date.start)
                and (facts := tied[_nearest(date, list(tied), said.text)])
                and not any(fact.as_of and date.within(fact.as_of) for fact in facts)
            ]
        return [
            said.text[date.start : date.end]
            for date, facts in zip(whole, tied.values(), strict=True)
            if facts and not any(fact.as_of and date.within(fact.as_of) for fact in facts)
        ]

    @staticmethod
    def _days(tied: dict[Number, list[Fact]]) -> list[dt.date]:
        return [fact.as_of for facts in tied.values() for fact in facts if fact.as_of]

    @staticmethod
    def _now(said: Figures, live: list[Fact]) -> list[str]:
        """A word for today beside a value that is too old to be today's."""
        found = NOW.search(said.text)
        if not found or not live or OLD.search(said.text) or not all(fact.stale for fact in live):
            return []
        return [found.group()]


def _nearest(date: Date, numbers: list[Number], text: str) -> Number:
    """The value that a date goes with: one that it stands right behind, else the next one, else the last."""
    before = [each for each in numbers if each.end <= date.start]
    after = [each for each in numbers if each.start >= date.end]
    if before and (not after or not re.search(r"[,;:]|\band\b|\bund\b", text[before[-1].end : date.start])):
        return before[-1]
    return after[0] if after else before[-1]


def _lists(number: Number, sources: list[Figures]) -> bool:
    """Whether a small number counts the items of a list that a passage has."""
    return not number.unit and any(
        value == source.items
        for value in number.values
        for source in sources
        if 1 < source.items <= _MOST_COUNTED
    )


def _read(chunk: Chunk) -> str:
    """What the model reads of a chunk."""
    return "\n".join([chunk.title, *chunk.heading, chunk.date, "", chunk.text])


def _said(result: ToolResult) -> str:
    """What a result says: its text, and its facts in full."""
    lines = [
        f"{each.label}: {each.value} {each.unit}, {each.as_of or ''} "
        f"{each.source} {each.stale} {each.caution}"
        for each in result.facts
    ]
    return "\n".join([result.text, *lines])
