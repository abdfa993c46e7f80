"""Small files in the layouts of the sources, traps included."""

from collections.abc import Mapping
from datetime import date, timedelta

PMMS_HEAD = "date,pmms30,pmms30p,pmms15,pmms15p,pmms51,pmms51p,pmms51m,pmms51spread"
FIRST = date(2026, 8, 6)
"""A Thursday."""

WEEKS = [FIRST + timedelta(weeks=number) for number in range(8)]
STEADY = {day: round(6.5 + number / 100, 2) for number, day in enumerate(WEEKS)}
"""Eight weeks without a surprise."""


def us(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def pmms(rates: Mapping[date, float], fifteen: Mapping[date, float] | None = None) -> bytes:
    """Freddie Mac's file as it has been since November 2022; the 15-year rate is 0.7 lower by default."""
    rows = [
        f'"{us(day)}","{rate}","","{(fifteen or {}).get(day, round(rate - 0.7, 2))}"'
        for day, rate in rates.items()
    ]
    return "".join(f"{line}\r\n" for line in (PMMS_HEAD, *rows)).encode()


def fred(rates: Mapping[date, float], head: str = "observation_date") -> bytes:
    """FRED's file."""
    rows = [f"{day},{rate:.2f}" for day, rate in rates.items()]
    return "".join(f"{line}\n" for line in (f"{head},MORTGAGE30US", *rows)).encode()


def ecb(days: Mapping[date, Mapping[str, float]]) -> bytes:
    """The ECB's XML, newest day first."""
    cubes = "".join(
        f"<Cube time='{day}'>"
        + "".join(f"<Cube currency='{currency}' rate='{rate}'/>" for currency, rate in rates.items())
        + "</Cube>"
        for day, rates in sorted(days.items(), reverse=True)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" '
        'xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">\n'
        "<gesmes:subject>Reference rates</gesmes:subject>\n"
        f"<Cube>{cubes}</Cube>\n</gesmes:Envelope>\n"
    ).encode()


PAGE = b"<!DOCTYPE html>\n<html><body><h1>Access denied</h1></body></html>\n"
EUROS = ecb({WEEKS[-1]: {"USD": 1.1684, "JPY": 186.75}})
