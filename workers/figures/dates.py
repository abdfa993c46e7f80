"""Dates of a text: ISO, American, European and in words, whole or in part."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from babel import Locale

_LOCALES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da")
_DAY = r"(?P<day>[0-2]?\d|3[01])"
_YEAR = r"(?P<year>(?:1[5-9]|20|21)\d\d)"
_ISO = re.compile(rf"(?<![\w-]){_YEAR}(?P<mark>[-/.])(?P<month>0\d|1[0-2])(?:(?P=mark){_DAY})?(?![\d-])")
_WIDE = re.compile(rf"{_YEAR}\s?[年년](?:\s?(?P<month>1[0-2]|0?[1-9])\s?[月월](?:\s?{_DAY}\s?[日일])?)?")
_MARKED = re.compile(
    r"(?<![\w./-])(?P<one>\d{1,2})(?P<mark>[./-])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4}|\d{2})(?![\w/-]|\.\d)"
)
_SHORT = 2
_LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Date:
    """A date at `text[start:end]`: what it may mean, as (year, month, day), with 0 where none is written."""

    start: int
    end: int
    readings: frozenset[tuple[int, int, int]]

    def within(self, day: dt.date) -> bool:
        """Whether it can mean this day, or a month or year with this day in it."""
        whole = (day.year, day.month, day.day)
        return any(
            all(not mine or mine == its for mine, its in zip(each, whole, strict=True))
            for each in self.readings
        )

    def said_by(self, other: "Date") -> bool:
        """Whether another date says all of it."""
        return any(
            all(not mine or mine == its for mine, its in zip(one, two, strict=True))
            for one in self.readings
            for two in other.readings
        )

    def without_year(self) -> "Date":
        """The same day of any year."""
        return Date(self.start, self.end, frozenset((0, month, day) for _, month, day in self.readings))

    @property
    def years(self) -> frozenset[int]:
        """The years that it may mean; 0 where none is written."""
        return frozenset(year for year, _, _ in self.readings)


def dates(text: str) -> Iterator[Date]:
    """The dates of a text, in no certain order. No two stand at the same place."""
    taken: list[tuple[int, int]] = []
    for match, found in _candidates(text):
        if found and all(match.end() <= start or match.start() >= end for start, end in taken):
            taken.append(match.span())
            yield Date(*match.span(), frozenset(found))


def _candidates(text: str) -> Iterator[tuple[re.Match[str], set[tuple[int, int, int]]]]:
    for pattern in (_ISO, _WIDE):
        for match in pattern.finditer(text):
            yield match, {(int(match["year"]), int(match["month"] or 0), int(match["day"] or 0))}
    for match in _MARKED.finditer(text):
        year = int(match["year"]) + (2000 if len(match["year"]) == _SHORT else 0)
        one, two = int(match["one"]), int(match["two"])
        yield (
            match,
            {(year, month, day) for month, day in ((one, two), (two, one)) if _is_day(year, month, day)},
        )
    for pattern in _worded():
        for match in pattern.finditer(text):
            groups = match.groupdict()
            month = _months()[match["name"].casefold().rstrip(".")]
            yield match, {(int(groups.get("year") or 0), month, int(groups.get("day") or 0))}


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


@cache
def _months() -> dict[str, int]:
    """Month by its name or abbreviation, as the Unicode CLDR has them for these languages."""
    found: dict[str, int] = {}
    for locale in _LOCALES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in Locale.parse(locale).months[context][width].items():
                    found.setdefault(name.casefold().rstrip("."), month)
    return found | {"sept": 9}


@cache
def _worded() -> tuple[re.Pattern[str], ...]:
    """Patterns with a month's name: with a day before or behind it, with a year alone, and by itself."""
    name = rf"(?P<name>{'|'.join(sorted(map(re.escape, _months()), key=len, reverse=True))})\.?"
    of = r"(?:\s+(?:of|de|d['’])?\s*)"
    day = rf"{_DAY}(?:st|nd|rd|th|er|\.|º)?"
    return tuple(
        re.compile(pattern, re.IGNORECASE)
        for pattern in (
            rf"(?<![\w.,])\b{day}{of}{name}(?![^\W\d_])(?:,?{of}{_YEAR}\b)?",
            rf"\b{name}\s+{day}(?![\w%:]|[.,]\d)(?:,?\s+{_YEAR}\b)?",
            rf"\b{name},?{of}{_YEAR}\b",
            rf"(?<=\b(?:in|im|en|of|by|to)\s){name}(?![^\W\d_])(?!\s+\d)",
        )
    )
