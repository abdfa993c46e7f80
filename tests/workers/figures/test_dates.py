"""Dates are read whole or in part, in the words of several languages."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.figures.dates import Date, dates

DAY = dt.date(2026, 11, 19)


def only(text: str) -> Date:
    (date,) = dates(text)
    return date


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-19", "2026/11/19", "11/19/2026", "19/11/2026", "19.11.2026", "11/19/26"),
        *(
            "November 19, 2026",
            "Nov. 19, 2026",
            "Nov 19th 2026",
            "the 19th of November 2026",
            "19 November 2026",
        ),
        *("19. November 2026", "19 novembre 2026", "19 de noviembre de 2026", "19 november 2026"),
        *("2026年11月19日", "November 2026", "2026-11", "November 19", "in November"),
    ],
)
def test_a_day_in_many_forms(text: str) -> None:
    date = only(text)
    assert date.within(DAY)
    assert not date.within(dt.date(2025, 10, 18))


@pytest.mark.parametrize(
    "text", ["2026-11-18", "November 18, 2026", "December 2026", "19.10.2026", "Nov 2025"]
)
def test_another_day_is_another_day(text: str) -> None:
    assert not only(text).within(DAY)


def test_day_and_month_may_be_either_way_round() -> None:
    assert only("3/4/2026").readings == {(2026, 3, 4), (2026, 4, 3)}
    assert only("13/4/2026").readings == {(2026, 4, 13)}


@pytest.mark.parametrize(
    "text", ["You may go.", "We march on.", "version 1.2.3", "99/99/2026", "call 555-1234"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert list(dates(text)) == []


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2199, 12, 31)))
def test_every_day_is_read_back(day: dt.date) -> None:
    assert only(day.isoformat()).readings == {(day.year, day.month, day.day)}
    assert only(f"{day:%B} {day.day}, {day.year}").within(day)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for each in dates(text):
        assert 0 <= each.start < each.end <= len(text)
