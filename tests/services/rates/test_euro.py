"""The ECB's layouts, with each of their traps."""

from calendar import month_name
from datetime import date

import pytest

from services.rates.euro import describe, parse_ecb
from services.template.errors import Unfit
from services.template.service import Point
from tests.services.files import PAGE, ecb

DAY = date(2026, 4, 13)
DOLLAR = Point("eur_usd", DAY, 1.1684)
YEN = Point("eur_jpy", DAY, 186.75)


def test_three_nested_cubes_in_a_namespace_with_single_quotes() -> None:
    assert set(parse_ecb(ecb({DAY: {"USD": 1.1684, "JPY": 186.75}}))) == {DOLLAR, YEN}


def test_who_sent_the_xml_and_how_it_is_indented_does_not_matter() -> None:
    subject = b"<gesmes:subject>Reference rates</gesmes:subject>\n"
    sender = b"\t<gesmes:Sender>\n\t\t<gesmes:name>European Central Bank</gesmes:name>\n\t</gesmes:Sender>\n"
    body = ecb({DAY: {"USD": 1.1684, "JPY": 186.75}})
    sent = body.replace(subject, subject + sender).replace(b"><Cube", b">\n\t\t<Cube")
    assert sender in sent
    assert parse_ecb(sent) == parse_ecb(body)


def test_many_days_of_xml_come_out_oldest_first() -> None:
    reading = parse_ecb(ecb({DAY: {"USD": 1.1684}, date(2026, 4, 10): {"USD": 1.1711}}))
    assert reading == (Point("eur_usd", date(2026, 4, 10), 1.1711), DOLLAR)


def test_the_daily_csv_has_a_long_date_and_blanks_and_a_comma_at_the_end() -> None:
    assert parse_ecb(b"Date, USD, JPY, \n13 April 2026, 1.1684, 186.75, \n") == (DOLLAR, YEN)


def test_every_english_month_is_known() -> None:
    for number, month in enumerate(month_name[1:], start=1):
        reading = parse_ecb(f"Date, USD, \n1 {month} 2026, 1.5, \n".encode())
        assert reading[0].day == date(2026, number, 1)


def test_the_history_has_its_newest_day_first_and_retired_currencies() -> None:
    body = b"Date,USD,CYP,JPY,\n2026-04-13,1.1684,N/A,186.75,\n1999-01-04,1.1789,0.58231,133.73,\n"
    assert parse_ecb(body) == (
        Point("eur_usd", date(1999, 1, 4), 1.1789),
        Point("eur_cyp", date(1999, 1, 4), 0.58231),
        Point("eur_jpy", date(1999, 1, 4), 133.73),
        DOLLAR,
        YEN,
    )


def test_a_history_of_41_currencies_with_retired_ones_in_every_row_keeps_every_value() -> None:
    names = [f"{first}{second}X" for first in "ABCDEFG" for second in "PQRSTU"][:41]
    days = ["2026-04-13", "2026-04-10", "1999-01-04"]
    rows = [
        [f"{1 + at / 100:.4f}" if (at + row) % 3 else "N/A" for at in range(41)] for row, _ in enumerate(days)
    ]
    lines = [["Date", *names], *([day, *row] for day, row in zip(days, rows, strict=True))]
    reading = parse_ecb("".join(f"{','.join(line)},\n" for line in lines).encode())
    assert {(point.day.isoformat(), point.series, point.value) for point in reading} == {
        (day, f"eur_{name.lower()}", float(value))
        for day, row in zip(days, rows, strict=True)
        for name, value in zip(names, row, strict=True)
        if value != "N/A"
    }


WHOLE = ecb({DAY: {"USD": 1.1684, "JPY": 186.75}})


@pytest.mark.parametrize("end", [2, 10, 40, 60, 90, 200])
def test_xml_that_is_cut_off_is_noticed(end: int) -> None:
    with pytest.raises(Unfit) as caught:
        parse_ecb(WHOLE[:-end])
    assert caught.value.fault == "cut_off"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01">&b;</gesmes:Envelope>"""


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (PAGE, "error_page"),
        (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"/>\n', "error_page"),
        (BOMB, "unreadable"),
        (b"<gesmes:Envelope></gesmes:Envelope>", "unreadable"),
        (b"<Envelope/>", "cut_off"),
        (WHOLE.replace(b"1.1684", b"one"), "unreadable"),
        (WHOLE.replace(b"USD", b"usd"), "unreadable"),
        (WHOLE.replace(b"2026-04-13", b"13.4.2026"), "unreadable"),
        (b"Date,USD,\n2026-04-10,1.1,\n2026-04-13,1.2,\n", "dates_backwards"),
        (b"Date,USD,JPY,\n2026-04-13,1.1684,186.75,\n2026-04-10,1.17\n", "cut_off"),
        (b"Date,USD,JPY,\n2026-04-13,1.1684\n2026-04-10,1.17,186.43,\n", "unreadable"),
        (b"Date,USD,\n2026-04-13,N/A,\n", "cut_off"),
        (b"Date, USD, \n13 Avril 2026, 1.1684, \n", "unreadable"),
        (b"Day,USD,\n2026-04-13,1.1684,\n", "unreadable"),
    ],
)
def test_what_is_no_file_of_the_ecb_is_refused(body: bytes, fault: str) -> None:
    with pytest.raises(Unfit) as caught:
        parse_ecb(body)
    assert caught.value.fault == fault


def test_a_series_says_what_it_counts() -> None:
    series = describe("eur_usd")
    assert series
    assert series.unit == "USD per EUR"


@pytest.mark.parametrize("name", ["usd", "eur_", "eur_us", "eur_USD", "EUR_usd", "eur_usdx", "eur_12a"])
def test_other_names_are_no_series(name: str) -> None:
    assert describe(name) is None
