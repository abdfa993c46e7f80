"""Freddie Mac's and FRED's layouts, with each of their traps."""

import json
from datetime import date
from itertools import pairwise

import pytest

from services.rates.mortgage import parse_fred, parse_pmms
from services.template.errors import Unfit
from services.template.service import Point
from tests.services.files import PAGE, PMMS_HEAD, STEADY, WEEKS, fred, pmms


def pmms_file(*rows: str) -> bytes:
    return "".join(f"{line}\r\n" for line in (PMMS_HEAD, *rows)).encode()


def test_nine_bare_columns_and_four_quoted_ones_stand_in_one_file() -> None:
    reading = parse_pmms(
        pmms_file("11/10/2022,7.08,0.9,6.38,1,6.06,0.2,2.75,1.02", '"11/17/2022","6.61","","5.98"')
    )
    then, later = date(2022, 11, 10), date(2022, 11, 17)
    assert set(reading) == {
        Point("mortgage_30y", then, 7.08),
        Point("mortgage_30y_points", then, 0.9),
        Point("mortgage_15y", then, 6.38),
        Point("mortgage_15y_points", then, 1.0),
        Point("mortgage_5y_arm", then, 6.06),
        Point("mortgage_5y_arm_points", then, 0.2),
        Point("mortgage_30y", later, 6.61),
        Point("mortgage_15y", later, 5.98),
    }


@pytest.mark.parametrize("missing", ["4/2/1971,7.33, ,,,,,,", "4/2/1971,7.33,,,,,,,", "4/2/1971,7.33"])
def test_missing_points_are_a_blank_or_nothing_or_no_column(missing: str) -> None:
    assert parse_pmms(pmms_file(missing)) == (Point("mortgage_30y", date(1971, 4, 2), 7.33),)


def test_nought_points_are_a_value() -> None:
    assert Point("mortgage_15y_points", date(2003, 1, 2), 0.0) in parse_pmms(
        pmms_file("1/2/2003,6,0.5,5.4,0,,,,")
    )


def test_months_and_days_have_one_digit_or_two() -> None:
    reading = parse_pmms(pmms_file("4/9/1971,7.31", "11/12/1971,7.56"))
    assert [point.day for point in reading] == [date(1971, 4, 9), date(1971, 11, 12)]


def test_weeks_of_five_to_nine_days_are_weeks() -> None:
    """A Wednesday stands in for a Thursday in a week with a holiday; Fridays are of another time."""
    rows = ["7/2/1971,7.54", "7/7/1971,7.54", "7/16/1971,7.57", "11/17/2022,6.61", "11/23/2022,6.58"]
    reading = parse_pmms(pmms_file(*rows, "12/1/2022,6.49"))
    days = [(after.day - before.day).days for before, after in pairwise(reading)]
    assert [*days[:2], *days[3:]] == [5, 9, 6, 8]


@pytest.mark.parametrize("head", ["observation_date", "DATE"])
def test_both_headers_of_fred_are_read(head: str) -> None:
    assert [(point.day, point.value) for point in parse_fred(fred(STEADY, head))] == list(STEADY.items())


def test_a_dot_is_a_missing_value() -> None:
    body = b"observation_date,MORTGAGE30US\n2026-01-01,.\n2026-01-08,6.16\n"
    assert parse_fred(body) == (Point("mortgage_30y", date(2026, 1, 8), 6.16),)


def test_the_answer_of_the_api_is_read_with_its_newest_vintage() -> None:
    rows = [("2026-01-01", "."), ("2026-01-08", "6.17"), ("2026-01-08", "6.16")]
    body = json.dumps(
        {
            "observations": [
                {"realtime_start": "2026-01-08", "date": day, "value": value} for day, value in rows
            ]
        }
    )
    assert parse_fred(body.encode()) == (Point("mortgage_30y", date(2026, 1, 8), 6.16),)


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert parse_fred(b"\xef\xbb\xbf" + fred(STEADY)) == parse_fred(fred(STEADY))


@pytest.mark.parametrize("end", range(1, 12))
def test_a_file_that_is_cut_off_anywhere_in_its_last_row_is_noticed(end: int) -> None:
    for parse, body in ((parse_pmms, pmms(STEADY)), (parse_fred, fred(STEADY))):
        with pytest.raises(Unfit) as caught:
            parse(body[:-end])
        assert caught.value.fault == "cut_off"


FAULTS = [
    (PAGE, "error_page"),
    (b"\n  <html lang='en'><head>", "error_page"),
    (b"", "cut_off"),
    (b"\xff\xfe\x00", "unreadable"),
    (b"Service unavailable\n", "unreadable"),
]


@pytest.mark.parametrize(("body", "fault"), FAULTS)
def test_what_is_no_rate_file_is_refused(body: bytes, fault: str) -> None:
    for parse in (parse_pmms, parse_fred):
        with pytest.raises(Unfit) as caught:
            parse(body)
        assert caught.value.fault == fault


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["8/6/2026,6.5", "7/30/2026,6.4"], "dates_backwards"),
        (["8/6/2026,6.5", "8/6/2026,6.5"], "dates_backwards"),
        (["13/1/2026,6.5"], "unreadable"),
        (["2/30/2026,6.5"], "unreadable"),
        (["2026-08-06,6.5"], "unreadable"),
        (["8/6/2026,six"], "unreadable"),
        (["8/6/2026,-6.5"], "unreadable"),
        (["8/6/2026,nan"], "unreadable"),
        (["8/6/2026,0"], "unreadable"),
        (["8/6/2026,6.5", "8/13/2026"], "cut_off"),
        (["8/6/2026", "8/13/2026,6.5"], "unreadable"),
        (["8/6/2026,1,2,3,4,5,6,7,8,9"], "cut_off"),
        ([], "cut_off"),
    ],
)
def test_a_wrong_row_of_freddie_macs_file_is_refused(rows: list[str], fault: str) -> None:
    with pytest.raises(Unfit) as caught:
        parse_pmms(pmms_file(*rows))
    assert caught.value.fault == fault


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"observation_date,MORTGAGE15US\n2026-01-08,5.5\n", "unreadable"),
        (b"observation_date,MORTGAGE30US\n1/8/2026,6.16\n", "unreadable"),
        (b"observation_date,MORTGAGE30US\n2026-02-30,6.16\n", "unreadable"),
        (b"observation_date,MORTGAGE30US\n2026-01-08,6.16,7\n", "cut_off"),
        (b"observation_date,MORTGAGE30US\n2026-01-08,.\n", "cut_off"),
        (b'{"error_code":400,"error_message":"Bad Request."}', "error_page"),
        (b'{"observations":[{"date":"2026-01-08","value":"6.', "cut_off"),
        (b'{"observations":7}', "unreadable"),
    ],
)
def test_a_wrong_file_of_fred_is_refused(body: bytes, fault: str) -> None:
    with pytest.raises(Unfit) as caught:
        parse_fred(body)
    assert caught.value.fault == fault


def test_the_two_layouts_say_the_same() -> None:
    both = [point for point in parse_pmms(pmms(STEADY)) if point.series == "mortgage_30y"]
    assert tuple(both) == parse_fred(fred(STEADY))
    assert [point.day for point in both] == WEEKS
