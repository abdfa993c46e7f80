"""Numbers are read in every form in which people write them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.figures.numbers import Number, numbers, readings


def read(text: str) -> list[tuple[str, set[str], str]]:
    found = sorted(numbers(text), key=lambda each: each.start)
    return [
        (text[each.start : each.end], {f"{value.normalize():f}" for value in each.values}, each.unit)
        for each in found
    ]


def only(text: str) -> Number:
    (number,) = numbers(text)
    return number


@pytest.mark.parametrize(
    "same",
    [
        ("8%", "8.00 percent", "eight percent", "8 per cent", "8,0 Prozent", "8 pour cent"),
        ("1,000", "1.000", "1 000", "1\u202f000", "1'000", "one thousand", "1k"),
        (
            "$1.2 million",
            "USD 1,200,000",
            "1.2m dollars",
            "1.200.000 US-Dollar",
            "one million two hundred thousand dollars",
        ),
        ("6.81%", "6,81 %", "six point eight one percent", "6.810 percent"),
        ("79 basis points", "0.79 percentage points", "79 bp", "0,79 Prozentpunkte"),
        ("14 days", "two weeks", "fourteen days", "14 Tage", "2 semaines"),
        ("17:30", "5:30 pm", "5:30 p.m.", "17h30"),
        ("30-year", "30 years", "thirty-year", "30 Jahre", "30-yr", "360 months"),
        ("€155", "155 euros", "EUR 155", "155 EUR", "one hundred and fifty-five euros"),
        ("2 GB", "2.0 GB"),
        ("250 ms", "0.25 seconds", "250 milliseconds"),
        ("30s", "30 seconds", "0.5 minutes", "dreißig Sekunden", "dreissig Sekunden"),
        ("24 months", "two years", "vierundzwanzig Monate", "vingt-quatre mois", "veinticuatro meses"),
        ("2,000 euros", "zweitausend Euro", "deux mille euros", "dos mil euros"),
        ("35 days", "fünfunddreißig Tage", "trente-cinq jours", "treinta y cinco días"),
        ("90%", "neunzig Prozent", "quatre-vingt-dix pour cent", "noventa por ciento"),
        ("3.5%", "drei Komma fünf Prozent", "trois virgule cinq pour cent", "tres coma cinco por ciento"),
    ],
)
def test_one_quantity_in_many_forms(same: tuple[str, ...]) -> None:
    found = [only(text) for text in same]
    assert all(one.same(other) and other.same(one) for one in found for other in found), read(
        " | ".join(same)
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("6.8%", "6.81%"),
        ("8%", "8 days"),
        ("5 euros", "5 dollars"),
        ("1,000", "1"),
        ("1.5 million", "1.5 billion"),
        ("17:30", "18:30"),
        ("15-year", "30-year"),
        ("2.10.3", "2.10.4"),
        ("15 days", "15 weeks"),
    ],
)
def test_different_quantities_differ(one: str, other: str) -> None:
    assert not only(one).same(only(other))


def test_a_separator_before_three_digits_may_mean_either() -> None:
    assert {str(value) for value in readings("2.500")} == {"2.500", "2500"}
    assert {str(value) for value in readings("1.234,56")} == {"1234.56"}
    assert {str(value) for value in readings("1,234.56")} == {"1234.56"}
    assert {str(value) for value in readings("0.125")} == {"0.125"}
    assert readings("1.2.3") == frozenset()


def test_a_name_with_digits_is_no_number() -> None:
    assert read("Use k8s, IPv6 and python3_11 on x86_64.") == []


def test_a_small_number_word_counts_things() -> None:
    assert only("two ways").counts
    assert not only("two days").counts
    assert not only("twenty-five ways").counts


def test_a_unit_that_is_not_written_is_any() -> None:
    assert only("155").same(only("155 euros"))


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False))
def test_a_written_value_is_read_back(value: Decimal) -> None:
    for text in (f"{value}", f"{value:,}", f"{value:,}".translate(str.maketrans(",.", ".,"))):
        assert value in readings(text)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    for each in numbers(text):
        assert 0 <= each.start < each.end <= len(text)


def test_a_word_that_is_a_number_in_another_language_only_is_none() -> None:
    assert read("It is sent once a month, for a cent, in un momento, to the elf of the 1990s.") == []
