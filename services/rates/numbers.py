"""What the files of all sources have in common: bytes to rows, and cells to numbers and dates."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from services.template.errors import Unfit
from services.template.service import Point, Reading

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", re.ASCII)
_PAGE = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def text_of(body: bytes) -> str:
    """A file as text.

    Raises:
        Unfit: it is empty, an HTML page, or not UTF-8.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unfit("unreadable", "it is not UTF-8") from None
    if not text.strip():
        raise Unfit("cut_off", "it is empty")
    if _PAGE.match(text):
        raise Unfit("error_page", "it is an HTML page")
    return text


def rows_of(text: str) -> list[list[str]]:
    """The rows of a CSV file, each cell without blanks around it; the first row names the columns.

    Raises:
        Unfit: it does not end with the end of a line, or quotes do not pair.
    """
    if not text.endswith("\n"):
        raise Unfit("cut_off", "its last line has no end")
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), strict=True)]
    except csv.Error as error:
        raise Unfit("unreadable", f"it is no CSV file ({error})") from None
    return [row for row in rows if any(row)]


def number_of(cell: str, missing: Sequence[str] = ("",)) -> float | None:
    """A cell as a number, None where it says that the value is missing.

    Raises:
        Unfit: it says neither.
    """
    if cell in missing:
        return None
    if not _NUMBER.fullmatch(cell) or float(cell) == 0:
        raise Unfit("unreadable", f"{cell[:20]!r} is no value")
    return float(cell)


def iso_date(cell: str) -> date:
    """A date such as 2024-05-16.

    Raises:
        Unfit: it is none.
    """
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", cell, re.ASCII):
            return date.fromisoformat(cell)
    except ValueError:
        pass
    raise Unfit("unreadable", f"{cell[:20]!r} is no date")


def day_of(year: str, month: int, day: str) -> date:
    """A date of its parts.

    Raises:
        Unfit: there is no such day.
    """
    try:
        return date(int(year), month, int(day))
    except ValueError:
        raise Unfit("unreadable", f"there is no day {day} of month {month} in {year}") from None


def reading_of(days: Sequence[tuple[date, Sequence[Point]]], *, descending: bool = False) -> Reading:
    """The points of a file whose dates must run in one direction.

    Args:
        days: the rows in the file's order.
        descending: whether the newest stands first.

    Raises:
        Unfit: dates go backwards or are repeated, or there is no value at all.
    """
    ordered = list(reversed(days)) if descending else list(days)
    for (before, _), (after, _) in pairwise(ordered):
        if after <= before:
            raise Unfit("dates_backwards", f"{after} comes after {before}")
    reading = tuple(point for _, points in ordered for point in points)
    if not reading:
        raise Unfit("cut_off", "it has no value")
    return reading
