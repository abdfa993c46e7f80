"""What calls cost."""

import pytest

from core.messages import Usage
from workers.models import _prices

MILLION = Usage(input_tokens=1_000_000, output_tokens=1_000_000)


def test_a_known_model_has_a_price_that_grows_with_use() -> None:
    price = _prices.cost("openai", ("gpt-4o-mini",), MILLION)
    half = _prices.cost("openai", ("gpt-4o-mini",), Usage(input_tokens=500_000, output_tokens=500_000))
    assert price is not None
    assert half == pytest.approx(price / 2)
    assert price == pytest.approx(0.15 + 0.60)


def test_the_id_that_answered_counts_where_the_one_that_was_asked_is_unknown() -> None:
    assert _prices.cost("openai", ("ours", "gpt-4o-mini"), MILLION) == pytest.approx(0.75)


def test_an_unknown_model_has_no_price() -> None:
    assert _prices.cost("openai", ("no-such-model",), MILLION) is None


def test_a_server_of_ones_own_has_no_price() -> None:
    assert _prices.cost("", ("gpt-4o-mini",), MILLION) is None
