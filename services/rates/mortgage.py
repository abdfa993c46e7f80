"""Mortgage rates: Freddie Mac's own file, and FRED's copy of its 30-year series."""

import json
import re
from datetime import date

from services.rates.numbers import day_of, iso_date, number_of, reading_of, rows_of, text_of
from services.template.errors import Unfit
from services.template.service import Point, Reading, Series

THIRTY_YEARS = "mortgage_30y"
FIFTEEN_YEARS = "mortgage_15y"
_ARM = "mortgage_5y_arm"

_ENDED = date(2022, 11, 10)
"""The last week with points and adjustable rates: https://www.freddiemac.com/pmms/about-pmms."""

_NOTE = "A weekly average of a survey of lenders in the United States. It is not an offer."
_POINTS_NOTE = "Average fees and discount points that came with the average rate."

SERIES = {
    one.name: one
    for one in (
        Series(THIRTY_YEARS, "30-year fixed-rate mortgage, US weekly average", "percent", _NOTE),
        Series(FIFTEEN_YEARS, "15-year fixed-rate mortgage, US weekly average", "percent", _NOTE),
        Series(_ARM, "5/1-year adjustable-rate mortgage, US weekly average", "percent", _NOTE, _ENDED),
        Series(
            f"{THIRTY_YEARS}_points", "Points, 30-year mortgage", "percent of the loan", _POINTS_NOTE, _ENDED
        ),
        Series(
            f"{FIFTEEN_YEARS}_points", "Points, 15-year mortgage", "percent of the loan", _POINTS_NOTE, _ENDED
        ),
        Series(f"{_ARM}_points", "Points, 5/1-year mortgage", "percent of the loan", _POINTS_NOTE, _ENDED),
    )
}

_COLUMNS = {
    "pmms30": THIRTY_YEARS,
    "pmms30p": f"{THIRTY_YEARS}_points",
    "pmms15": FIFTEEN_YEARS,
    "pmms15p": f"{FIFTEEN_YEARS}_points",
    "pmms51": _ARM,
    "pmms51p": f"{_ARM}_points",
}
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)


def parse_pmms(body: bytes) -> Reading:
    """Freddie Mac's PMMS_history.csv: nine bare columns until 2022-11-10, then the first four, quoted.

    Raises:
        Unfit: nothing may be taken from it.
    """
    head, *rows = rows_of(text_of(body))
    names = [name.lower() for name in head]
    if names[:2] != ["date", "pmms30"]:
        raise Unfit("unreadable", "its columns are not those of Freddie Mac's survey")
    days = []
    for row in rows:
        day = _us_date(row[0])
        cells = dict(zip(names, row, strict=False))
        if len(row) > len(names) or not cells.get("pmms30"):
            raise Unfit("cut_off" if row is rows[-1] else "unreadable", f"the row of {day} is not whole")
        days.append((day, _pmms_points(day, cells)))
    return reading_of(days)


def parse_fred(body: bytes) -> Reading:
    """FRED's MORTGAGE30US: the graph's CSV with either header, or the API's JSON. A dot is a missing value.

    Raises:
        Unfit: nothing may be taken from it.
    """
    text = text_of(body)
    rows = _fred_json(text) if text.lstrip().startswith("{") else _fred_csv(text)
    days = []
    for day, cell in rows:
        value = number_of(cell, missing=("", "."))
        days.append((day, [] if value is None else [Point(THIRTY_YEARS, day, value)]))
    return reading_of(days)


def _pmms_points(day: date, cells: dict[str, str]) -> list[Point]:
    found = []
    for column, series in _COLUMNS.items():
        cell = cells.get(column, "")
        # Nought points is a value; a rate of nought is none.
        value = 0.0 if series.endswith("_points") and cell in ("0", "0.0") else number_of(cell)
        if value is not None:
            found.append(Point(series, day, value))
    return found


def _us_date(cell: str) -> date:
    parts = _US_DATE.fullmatch(cell)
    if not parts:
        raise Unfit("unreadable", f"{cell[:20]!r} is no date")
    return day_of(parts[3], int(parts[1]), parts[2])


def _fred_csv(text: str) -> list[tuple[date, str]]:
    head, *rows = rows_of(text)
    if [name.upper() for name in head] not in (
        ["OBSERVATION_DATE", "MORTGAGE30US"],
        ["DATE", "MORTGAGE30US"],
    ):
        raise Unfit("unreadable", "its columns are not those of FRED's MORTGAGE30US")
    found = []
    for row in rows:
        if len(row) != len(head):
            raise Unfit(
                "cut_off" if row is rows[-1] else "unreadable", f"the row of {row[0][:20]} is not whole"
            )
        found.append((iso_date(row[0]), row[1]))
    return found


def _fred_json(text: str) -> list[tuple[date, str]]:
    if not text.rstrip().endswith("}"):
        raise Unfit("cut_off", "its JSON has no end")
    try:
        content = json.loads(text)
        if "error_message" in content:
            raise Unfit("error_page", "it is an error message of FRED's API")
        # A request for several vintages repeats a date; the newest vintage stands last.
        newest = {str(row["date"]): str(row["value"]) for row in content["observations"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unfit("unreadable", "it is not an answer of FRED's API with observations") from None
    return [(iso_date(day), cell.strip()) for day, cell in newest.items()]
