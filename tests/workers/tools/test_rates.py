"""The tools that know live rates."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.deadline import Deadline
from core.errors import BadArguments
from tests.services.conftest import sources as sources  # noqa: PLC0414 - a fixture
from tests.services.files import STEADY, WEEKS
from tests.services.rates.kit import put_steady
from tests.services.upstream import Upstream
from tests.workers.rates.serving import TOKEN, service
from tests.workers.tools.calls import call
from workers.rates.service import LiveRates
from workers.tools.convert_currency import ConvertCurrency
from workers.tools.get_mortgage_rates import GetMortgageRates


@pytest.fixture
def rates(sources: Upstream, tmp_path: Path) -> Iterator[LiveRates]:
    put_steady(sources)
    with service(sources, tmp_path) as url, closing(LiveRates(url, ())) as asked:
        asked.sync(SecretStr(TOKEN), Deadline(30))
        yield asked


def test_the_thirty_year_rate_comes_with_date_source_and_caution(rates: LiveRates) -> None:
    result = call(GetMortgageRates(rates), '{"product": "30-year fixed"}')
    assert not result.failed
    (fact,) = result.facts
    assert (fact.value, fact.as_of) == (str(STEADY[WEEKS[-1]]), WEEKS[-1])
    for said in (fact.label, fact.value, "percent", str(fact.as_of), fact.source, "not an offer"):
        assert said in result.text


def test_without_a_product_both_fixed_rates_come(rates: LiveRates) -> None:
    labels = [fact.label for fact in call(GetMortgageRates(rates), "{}").facts]
    assert [label[:2] for label in labels] == ["30", "15"]


def test_a_day_of_the_past_is_looked_up(rates: LiveRates) -> None:
    result = call(GetMortgageRates(rates), f'{{"product": "30-year fixed", "as_of": "{WEEKS[1]}"}}')
    assert (result.facts[0].value, result.facts[0].as_of) == (str(STEADY[WEEKS[1]]), WEEKS[1])


def test_a_stale_value_says_so_in_the_text_and_in_the_fact(rates: LiveRates) -> None:
    result = call(GetMortgageRates(rates), '{"product": "30-year fixed", "as_of": "2026-12-01"}')
    assert "STALE" not in result.text  # the service's own day is the last week's
    old = call(GetMortgageRates(rates), '{"product": "5/1-year adjustable"}')
    assert old.failed or "STALE" in old.text


def test_a_day_before_all_values_is_a_failure_in_words(rates: LiveRates) -> None:
    result = call(GetMortgageRates(rates), '{"product": "30-year fixed", "as_of": "1950-01-01"}')
    assert result.failed
    assert "1950-01-01" in result.text


def test_a_service_that_is_down_is_a_result_that_says_so() -> None:
    with closing(LiveRates("http://127.0.0.1:1", ())) as down:
        result = call(GetMortgageRates(down), "{}")
    assert result.failed
    assert result.text == "The rates service cannot be reached."


def test_dollars_to_yen_go_through_the_euro(rates: LiveRates) -> None:
    result = call(ConvertCurrency(rates), '{"amount": 100, "from": "usd", "to": "JPY"}')
    converted, dollar, yen = result.facts
    assert converted.label == "100 USD in JPY"
    assert Decimal(converted.value) == round(100 / Decimal(dollar.value) * Decimal(yen.value), 2)
    assert converted.as_of == dollar.as_of == WEEKS[-1]
    assert "European Central Bank" in converted.source
    assert "not an offer" in converted.caution


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ('{"amount": 100, "from": "EUR", "to": "USD"}', "116.84"),
        ('{"amount": 116.84, "from": "USD", "to": "EUR"}', "100.00"),
        ('{"amount": 1, "from": "JPY", "to": "EUR"}', "0.005355"),
        ('{"amount": 0.1, "from": "EUR", "to": "USD"}', "0.1168"),
    ],
)
def test_amounts_are_exact_to_the_cent_and_small_ones_to_four_digits(
    rates: LiveRates, arguments: str, value: str
) -> None:
    assert call(ConvertCurrency(rates), arguments).facts[0].value == value


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ('{"amount": -1, "from": "USD", "to": "EUR"}', "amount"),
        ('{"amount": 1, "from": "dollars", "to": "EUR"}', "from"),
        ('{"amount": 1, "from": "EUR"}', "to"),
        ('{"amount": 1, "from": "EUR", "to": "EUR"}', "same"),
        ('{"amount": 1, "from": "EUR", "to": "USD", "day": 1}', "day"),
        ("not json", "JSON"),
    ],
)
def test_wrong_arguments_say_what_to_mend(rates: LiveRates, arguments: str, place: str) -> None:
    with pytest.raises(BadArguments, match=place):
        ConvertCurrency(rates).parse(arguments)


def test_a_currency_without_a_rate_is_a_failure_in_words(rates: LiveRates) -> None:
    result = call(ConvertCurrency(rates), '{"amount": 1, "from": "EUR", "to": "XAU"}')
    assert result.failed
    assert "eur_xau" in result.text


def test_the_days_of_two_currencies_may_differ_and_the_older_one_counts(rates: LiveRates) -> None:
    facts = call(ConvertCurrency(rates), '{"amount": 1, "from": "USD", "to": "JPY"}').facts
    days = [fact.as_of for fact in facts[1:]]
    assert facts[0].as_of == min(day for day in days if isinstance(day, date))
