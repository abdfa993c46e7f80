"""Quoted answers and silence, on a small corpus."""

from pathlib import Path

import pytest

from core.errors import Misconfigured
from core.settings import HomeSettings
from evals import corpora, plot
from evals.answers import STEPS, Result, ask, scorecard
from evals.scratch import scratch
from tests.evals.conftest import Files
from workers.answering.budget import AnsweringSettings
from workers.models.extractive.answer import THRESHOLD


def test_each_question_is_asked_with_and_without_its_article(files: Files, tmp_path: Path) -> None:
    moved = []
    with scratch(files.corpus, None, HomeSettings(home=tmp_path / "home")) as finder:
        results = ask(
            corpora.questions(files.questions), finder, None, AnsweringSettings(), lambda: moved.append(1)
        )
    assert [result.contains for result in results] == [True, True]
    assert all(result.support > result.without for result in results)
    assert results[1].without == 0
    assert len(moved) == 2


def test_shares_are_counted_at_each_threshold() -> None:
    card = scorecard(
        [
            Result(0.9, contains=True, without=0.1),
            Result(0.6, contains=False, without=0.7),
            Result(0.2, contains=True, without=0.0),
        ]
    )
    assert (card["n"], card["threshold"]) == (3, THRESHOLD)
    assert card["contains_gold"] == pytest.approx(1 / 3, abs=1e-4)
    assert card["abstained_without_source"] == pytest.approx(2 / 3, abs=1e-4)
    assert [point["threshold"] for point in card["curve"]] == sorted({*STEPS, THRESHOLD})
    by_threshold = {point["threshold"]: point for point in card["curve"]}
    assert by_threshold[0.1]["contains_gold"] == pytest.approx(2 / 3, abs=1e-4)
    assert by_threshold[0.75]["abstained"] == pytest.approx(2 / 3, abs=1e-4)
    assert by_threshold[0.75]["abstained_without_source"] == 1


def test_no_question_is_an_error() -> None:
    with pytest.raises(Misconfigured, match="no questions"):
        scorecard([])


def test_the_curve_is_drawn_as_text() -> None:
    card = scorecard([Result(0.9, contains=True, without=0.1)])
    drawn = plot.curve(card["curve"])
    assert "answered with a gold answer" in drawn
    assert "threshold" in drawn
    assert "\x1b" not in drawn
