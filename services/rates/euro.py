"""Euro reference rates of the ECB: the XML of a day or of many, and both CSV files."""

import re
from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from services.rates.numbers import day_of, iso_date, number_of, reading_of, rows_of, text_of
from services.template.errors import Unfit
from services.template.service import Point, Reading, Series

_CUBE = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}Cube"
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_LONG_DATE = re.compile(r"(\d{1,2}) ([A-Za-z]+) (\d{4})", re.ASCII)
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_NOTE = "A reference rate for information, fixed once a working day. It is not an offer."
_PREFIX = "eur_"


def describe(series: str) -> Series | None:
    """The series `eur_usd` and its like: units of a currency for one euro."""
    currency = series.removeprefix(_PREFIX).upper()
    if not series.startswith(_PREFIX) or series != series.lower() or not _CURRENCY.fullmatch(currency):
        return None
    return Series(series, f"Euro reference rate, {currency} for 1 EUR", f"{currency} per EUR", _NOTE)


def parse_ecb(body: bytes) -> Reading:
    """The ECB's euro reference rates, in any of its layouts. N/A is a missing value.

    Raises:
        Unfit: nothing may be taken from it.
    """
    text = text_of(body)
    return _xml(text) if text.lstrip().startswith("<") else _csv(text)


def _xml(text: str) -> Reading:
    try:
        root = fromstring(text.encode(), forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        whole = text.rstrip().endswith("Envelope>")
        raise Unfit("unreadable" if whole else "cut_off", f"its XML cannot be read ({error})") from None
    days = []
    for cube in root.iter(_CUBE):
        if "time" in cube.attrib:
            cells = [(rate.get("currency", ""), rate.get("rate", "")) for rate in cube.iter(_CUBE)]
            days.append(_day(iso_date(cube.attrib["time"]), cells[1:]))
    return reading_of(days, descending=True)


def _csv(text: str) -> Reading:
    head, *rows = rows_of(text)
    # Each line ends with a comma, and so with a column that is none.
    currencies = head[1:-1] if head[-1] == "" else head[1:]
    if head[0].upper() != "DATE" or not currencies:
        raise Unfit("unreadable", "its columns are not those of the ECB's reference rates")
    days = []
    for row in rows:
        if len(row) != len(head):
            raise Unfit(
                "cut_off" if row is rows[-1] else "unreadable", f"the row of {row[0][:20]} is not whole"
            )
        days.append(_day(_either_date(row[0]), zip(currencies, row[1:], strict=False)))
    return reading_of(days, descending=True)


def _day(day: date, cells: Iterable[tuple[str, str]]) -> tuple[date, list[Point]]:
    points = []
    for currency, cell in cells:
        if not _CURRENCY.fullmatch(currency):
            raise Unfit("unreadable", f"{currency[:20]!r} is no currency")
        value = number_of(cell, missing=("", "N/A"))
        if value is not None:
            points.append(Point(_PREFIX + currency.lower(), day, value))
    return day, points


def _either_date(cell: str) -> date:
    """A date such as 2026-04-13 or 13 April 2026, whatever the machine's language."""
    parts = _LONG_DATE.fullmatch(cell)
    if not parts:
        return iso_date(cell)
    if parts[2].lower() not in _MONTHS:
        raise Unfit("unreadable", f"{cell[:20]!r} is no date")
    return day_of(parts[3], _MONTHS.index(parts[2].lower()) + 1, parts[1])
