"""The record of an answer: how surprised the model was by what it wrote."""

import math

import pytest

from workers.answering.record import perplexity


def test_a_model_that_was_sure_has_a_perplexity_of_one() -> None:
    assert perplexity((0.0, 0.0)) == 1


def test_perplexity_is_the_inverse_of_the_probabilities_geometric_mean() -> None:
    assert perplexity((math.log(0.5), math.log(0.125))) == pytest.approx(4)


def test_without_probabilities_there_is_none() -> None:
    assert perplexity(()) is None
