"""The context holds what may be read, best first, once, within the budget."""

from core.documents import Passage
from core.messages import EVERYONE
from tests.workers.answering.parts import chunk, passage
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.context import Context, fit


def fitted(*passages: Passage, most: int = 8, budget: int = 3000) -> Context:
    return fit(passages, (EVERYONE,), AnsweringSettings(context_passages=most, context_tokens=budget))


def text(seed: int, words: int = 30) -> str:
    return " ".join(f"word{seed}x{i}" for i in range(words))


def test_the_best_come_first_and_no_more_than_asked_for() -> None:
    passages = [passage(text(i), score=float(i), position=i) for i in range(6)]
    assert [each.score for each in fitted(*passages, most=3).passages] == [5, 4, 3]


def test_what_this_audience_may_not_read_is_neither_used_nor_a_candidate() -> None:
    secret = Passage(chunk("The secret plan.", readers=("board",)), score=9.0)
    context = fitted(secret, passage("The public plan."))
    assert [each.chunk.text for each in context.passages] == ["The public plan."]
    assert [each.chunk.text for each in context.candidates] == ["The public plan."]
    assert "1 of the passages found may not be read here" in context.notes[0]


def test_a_near_duplicate_is_left_out() -> None:
    copy = passage(text(1) + " indeed", score=2.0, position=1)
    context = fitted(passage(text(1), score=3.0), copy, passage(text(2), score=1.0, position=2))
    assert [each.score for each in context.passages] == [3.0, 1.0]
    assert len(context.candidates) == 3
    assert context.notes == ("1 near-duplicate passages were left out",)


def test_a_passage_that_does_not_fit_gives_way_to_a_shorter_one() -> None:
    passages = [passage(text(1, 80), 3.0), passage(text(2, 90), 2.0), passage(text(3, 40), 1.0)]
    budget = tokens(passages[0].chunk.text) + tokens(passages[2].chunk.text)
    assert [each.score for each in fitted(*passages, budget=budget).passages] == [3.0, 1.0]


def test_the_best_is_cut_rather_than_left_out() -> None:
    whole = passage(text(1, 500))
    (cut,) = fitted(whole, budget=200).passages
    assert whole.chunk.text.startswith(cut.chunk.text)
    assert 150 < tokens(cut.chunk.text) <= 200


def test_a_letter_of_many_bytes_is_not_cut_in_two() -> None:
    (cut,) = fitted(passage("漢字" * 600), budget=201).passages
    assert set(cut.chunk.text) == {"漢", "字"}
