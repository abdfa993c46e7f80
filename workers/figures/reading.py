"""What a text says in figures: its numbers and dates, in order."""

import re
from dataclasses import dataclass
from functools import lru_cache

from workers.figures.dates import Date, dates
from workers.figures.numbers import Number, numbers

_ITEM = re.compile(r"^[ \t>]*(?:[-*+•]|\d{1,3}[.)])[ \t]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers and dates of a text, in the order in which they stand there.

    `items` is how many list items it has.
    """

    text: str
    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]
    items: int = 0

    def has(self, number: Number) -> bool:
        """Whether the text states this number; a year counts where a date has it."""
        if any(number.same(each) for each in self.numbers):
            return True
        return not number.unit and any(value in each.years for value in number.values for each in self.dates)

    def says(self, date: Date) -> bool:
        """Whether the text states this date; a day without its year does where the year stands elsewhere."""
        if any(date.said_by(each) for each in self.dates):
            return True
        known = {year for each in self.dates for year in each.years}
        known |= {int(value) for each in self.numbers if not each.unit for value in each.values}
        if all(not month for _, month, _ in date.readings):
            return bool(date.years & known)
        bare = date.without_year()
        return bool(date.years & known) and any(bare.said_by(each) and 0 in each.years for each in self.dates)


@lru_cache(maxsize=512)
def figures(text: str) -> Figures:
    """Read everything that a source says in figures; what stands in code and links counts as well."""
    found = tuple(sorted(dates(text), key=lambda each: each.start))
    rest = tuple(sorted(_outside(text, found), key=lambda each: each.start))
    return Figures(text, rest, found, len(_ITEM.findall(text)))


def _outside(text: str, found: tuple[Date, ...]) -> list[Number]:
    return [
        each
        for each in numbers(text)
        if all(each.end <= date.start or each.start >= date.end for date in found)
    ]
