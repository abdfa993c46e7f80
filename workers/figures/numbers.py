"""Numbers of a text: digits in the notation of any language, and words of four."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from workers.figures import units
from workers.figures.words import Spelled, spelled

_DIGITS = re.compile(
    r"(?<![\w.,])[+\-\u2212]?(?P<number>\d{1,3}(?:[\u00a0\u202f ]\d{3})+(?:[.,]\d+)?(?!\d)"
    r"|\d+(?:[.,'’]\d+)*)"
)
_LITERAL = re.compile(r"(?<![\w.])\d+(?:[.:/-]\d+){2,}(?![\w])")
_CLOCK = re.compile(
    r"(?<![\w.,:])(?P<hour>[01]?\d|2[0-4])(?:(?:[:h](?P<minute>[0-5]\d))(?::[0-5]\d)?)?"
    r"(?:[\s\u00a0]?(?P<half>[ap])\.?m\b\.?|[\s\u00a0]?(?:o'clock|uhr)\b)?(?![\w:])",
    re.IGNORECASE,
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b", re.IGNORECASE)

_GROUP = 3
_HALF_DAY = 12
_COUNTED = 12
"""Up to here a number word without a unit counts things that a text lists, and is no figure of its own."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number that stands at `text[start:end]`, its unit included.

    Attributes:
        values: what it may mean: `1.250` is a little over one, or more than a thousand. Without a sign.
        unit: such as `percent` or `EUR`; empty where none is written.
        literal: as it stands there, for one that is no quantity, such as 1.2.3; else empty.
        counts: whether it is a small number word without a unit, such as "two ways".
    """

    start: int
    end: int
    values: frozenset[Decimal]
    unit: str = ""
    literal: str = ""
    counts: bool = False

    def same(self, other: "Number") -> bool:
        """Whether two numbers can mean the same."""
        if self.literal or other.literal:
            return self.literal == other.literal
        if units.TIME in {self.unit, other.unit}:
            return self._at_time(other)
        if units.compatible(self.unit, other.unit):
            return not self.values.isdisjoint(other.values)
        mine = {units.reduced(value, self.unit) for value in self.values}
        return not mine.isdisjoint(units.reduced(value, other.unit) for value in other.values)

    def _at_time(self, other: "Number") -> bool:
        if self.unit == other.unit:
            return not self.values.isdisjoint(other.values)
        plain, clock = (self, other) if other.unit == units.TIME else (other, self)
        return not plain.unit and any(60 * value in clock.values for value in plain.values)


def numbers(text: str) -> Iterator[Number]:
    """The numbers of a text, in no certain order. No two stand at the same place."""
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        return all(end <= other or start >= until for other, until in taken)

    for match in _LITERAL.finditer(text):
        if readings(match.group()):
            continue
        taken.append(match.span())
        yield Number(*match.span(), frozenset(), literal=match.group())
    for match in _CLOCK.finditer(text):
        if free(*match.span()) and (match["minute"] or match["half"] or match.group()[-1].isalpha()):
            taken.append(match.span())
            yield Number(*match.span(), _minutes(match), units.TIME)
    for match in _DIGITS.finditer(text):
        if free(*match.span()) and (number := _written(text, match)):
            taken.append((number.start, number.end))
            yield number
    for each in spelled(text):
        if free(each.start, each.end) and (read := _spelled(text, each)):
            taken.append((read.start, read.end))
            yield read


def readings(written: str) -> frozenset[Decimal]:
    """What digits with separators may mean; empty when they are no number, as in 1.2.3.

    A separator before three last digits may group or begin the fraction; the others stand at most for one.
    """
    plain = re.sub(r"[\s\u00a0\u202f'’]", "", written)
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", plain):
        return frozenset()
    marks = re.findall(r"[.,]", plain)
    if not marks:
        return frozenset({Decimal(plain)})
    last = marks[-1]
    head, _, tail = plain.rpartition(last)
    pieces = re.split(r"[.,]", head)
    grouped = len(pieces[0]) <= _GROUP and all(len(piece) == _GROUP for piece in pieces[1:])
    found = set()
    thousand = len(tail) == _GROUP and not tail.strip("0") and grouped and pieces[0] != "0"
    if last not in head and (len(pieces) == 1 or grouped) and not thousand:
        found.add(Decimal("".join(pieces) + "." + tail))
    if len(tail) == _GROUP and grouped and set(marks) == {last} and pieces[0] not in ("", "0"):
        found.add(Decimal("".join(pieces) + tail))
    return frozenset(found)


def _written(text: str, match: re.Match[str]) -> Number | None:
    start, end = match.span("number")
    values = readings(match["number"])
    if not values:
        return Number(start, end, frozenset(), literal=match["number"])
    if ordinal := _ORDINAL.match(text, end):
        return Number(start, ordinal.end(), values)
    before = units.BEFORE.search(text, max(0, start - 5), start)
    scale = units.SCALE.match(text, end)
    if scale and (len(scale.group().strip(" \u00a0-")) > 1 or before or not scale.group()[0].isspace()):
        values = frozenset(value * units.scale_of(scale) for value in values)
        end = scale.end()
    after = units.AFTER.match(text, end)
    if not after and end < len(text) and (text[end].isalpha() or text[end] == "_"):
        return None  # a name with a digit in it
    unit = units.unit_of(before) if before else units.unit_of(after) if after else ""
    return _quantity(before.start() if before else start, after.end() if after else end, values, unit)


def _quantity(start: int, end: int, values: frozenset[Decimal], unit: str) -> Number:
    if unit == "basis point":
        return Number(start, end, frozenset(value / 100 for value in values), units.POINT)
    return Number(start, end, values, unit)


def _spelled(text: str, said: Spelled) -> Number | None:
    after = units.AFTER.match(text, said.end)
    if not after and not said.plain:
        return None
    unit = units.unit_of(after) if after else ""
    number = _quantity(said.start, after.end() if after else said.end, frozenset({said.value}), unit)
    if unit or said.value > _COUNTED:
        return number
    return Number(number.start, number.end, number.values, counts=True)


def _minutes(match: re.Match[str]) -> frozenset[Decimal]:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").casefold()
    if half:
        return frozenset({Decimal(60 * (hour % _HALF_DAY + (_HALF_DAY if half == "p" else 0)) + minute)})
    both = {hour, hour + _HALF_DAY} if 0 < hour < _HALF_DAY else {hour}
    return frozenset(Decimal(60 * each + minute) for each in both)
