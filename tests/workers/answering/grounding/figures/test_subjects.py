"""A figure of a source is said of what the source says it of."""

import re

import pytest

from core.documents import Passage
from tests.workers.answering.parts import chunk
from workers.answering.grounding.figures.check import FigureCheck

_COUNCIL = (
    "The council's budget for 2025 is $1.2 million. Of this, $400,000 goes to roads, $250,000 to schools and "
    "15% to parks. Revenue rose by 4.2% in 2024, after falling by 1.1% in 2023."
)
_COMPANIES = (
    "Northwind employed 1,840 people at the end of March 2025, and Eastlake employed 962. Northwind's "
    "turnover was 7.4% and Eastlake's was 11.9%."
)
_PLANS = (
    "The Basic plan costs $12 per user and includes 10 GB. "
    "The Team plan costs $29 per user and includes 100 GB."
)
_STORES = (
    "The warehouse in Leeds holds 48,000 pallets; the one in Bristol holds 31,500. Leeds opened in 1998 and "
    "Bristol in 2012."
)
_LIMITS = (
    "Requests time out after 30 seconds; uploads time out after 5 minutes. Each retry doubles the wait, "
    "starting at 250 ms."
)
_BANK = (
    "The central bank raised its rate by 0.25 percentage points to 4.50%. Inflation fell from 3.4% to 2.9%."
)
_CONTRACT = (
    "Der Vertrag läuft vom 1. Juli 2024 bis zum 30. Juni 2027. Die Miete beträgt 1.250 Euro im Monat, die "
    "Kaution 3.750 Euro. Die Kündigungsfrist beträgt sechs Monate."
)


def wrong(says: str, source: str) -> list[str]:
    return FigureCheck().wrong(says, [Passage(chunk(source, title="Document"), score=1.0)])


@pytest.mark.parametrize(
    ("says", "source", "figure"),
    [
        ("Schools receive $400,000.", _COUNCIL, "$400,000"),
        ("A third of the budget, $250,000, goes to roads.", _COUNCIL, "$250,000"),
        ("Roads get $250,000 and schools get $400,000.", _COUNCIL, "$400,000"),
        ("Eastlake employed 1,840 people at the end of March 2025.", _COMPANIES, "1,840"),
        ("Northwind's turnover was 11.9%.", _COMPANIES, "11.9%"),
        ("The Team plan costs $12 per user.", _PLANS, "$12"),
        ("The Basic plan includes 100 GB.", _PLANS, "100 GB"),
        ("The warehouse in Bristol holds 48,000 pallets.", _STORES, "48,000"),
        ("Bristol opened in 1998.", _STORES, "1998"),
        ("Requests time out after 5 minutes.", _LIMITS, "5 minutes"),
        ("Die Miete beträgt 3.750 Euro.", _CONTRACT, "3.750 Euro"),
        ("Revenue rose by 4.2% in 2023.", _COUNCIL, "4.2%"),
        ("Revenue fell by 4.2% in 2024.", _COUNCIL, "4.2%"),
        ("Revenue was up 1.1% in 2023.", _COUNCIL, "1.1%"),
        ("The central bank cut its rate by 0.25 percentage points.", _BANK, "0.25 percentage points"),
        ("Inflation rose from 2.9% to 3.4%.", _BANK, "3.4%"),
    ],
)
def test_a_figure_of_something_else_is_wrong(says: str, source: str, figure: str) -> None:
    assert figure in wrong(says, source)


@pytest.mark.parametrize(
    ("says", "source"),
    [
        ("Roads get $400,000 and schools get $250,000.", _COUNCIL),
        ("A third of the budget, $400,000, goes to roads.", _COUNCIL),
        ("In 2024, revenue grew 4.2%.", _COUNCIL),
        ("Revenue fell by 1.1% in 2023 and rose by 4.2% in 2024.", _COUNCIL),
        ("Northwind is the larger employer, with 1,840 people against Eastlake's 962.", _COMPANIES),
        ("- **Team**: $29 per user, 100 GB", _PLANS),
        ("The newer warehouse, in Bristol, opened in 2012 and holds 31,500 pallets.", _STORES),
        ("Requests time out after 30 seconds, uploads after 5 minutes.", _LIMITS),
        ("Inflation dropped to 2.9% from 3.4%.", _BANK),
        ("Der Vertrag endet am 30.06.2027, mit einer Kündigungsfrist von 6 Monaten.", _CONTRACT),
        ("The rent is 1,250 euros a month, and the notice period is six months.", _CONTRACT),
    ],
)
def test_a_figure_of_the_same_in_other_words_is_left_as_it_is(says: str, source: str) -> None:
    assert wrong(says, source) == []


@pytest.mark.parametrize("source", [_COUNCIL, _COMPANIES, _PLANS, _STORES, _LIMITS, _BANK, _CONTRACT])
def test_a_source_said_again_is_never_wrong(source: str) -> None:
    assert [each for each in re.split(r"(?<=[^\W\d]\.) ", source) if wrong(each, source)] == []
    assert wrong(source, source) == []
