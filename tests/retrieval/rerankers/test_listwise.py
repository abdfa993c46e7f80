"""Grades become an order, whatever a model makes of its task."""

import itertools
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.documents import Passage
from core.errors import ModelUnavailable
from retrieval.rerankers.listwise import STRIDE, WHOLE, WINDOW, Grade, ListwiseReranker, spans
from tests.retrieval.rerankers.passages import order, passages


class Judge:
    """Grades passages by the number that their text is, and keeps what it was shown."""

    def __init__(self) -> None:
        self.windows: list[list[str]] = []

    def __call__(self, query: str, window: Sequence[Passage]) -> list[Grade]:
        self.windows.append([passage.chunk.text for passage in window])
        return [Grade(at, int(passage.chunk.text)) for at, passage in enumerate(window, start=1)]


def saying(*grades: tuple[int, int]) -> ListwiseReranker:
    return ListwiseReranker(lambda query, window: [Grade(number, grade) for number, grade in grades])


def test_grades_decide_and_equal_ones_keep_the_order_of_before() -> None:
    ranked = ListwiseReranker(Judge()).rerank("?", passages("1", "3", "0", "3", "1"), 5)
    assert order(ranked) == [1, 3, 0, 4, 2]
    assert [passage.scores["rerank"] for passage in ranked] == [3, 3, 1, 1, 0]


def test_scores_fall_from_each_to_the_next_and_the_ones_before_are_kept() -> None:
    ranked = ListwiseReranker(Judge()).rerank("?", passages("0", "0", "3"), 3)
    scores = [passage.score for passage in ranked]
    assert scores == sorted(set(scores), reverse=True)
    assert ranked[0].scores == {"dense": 0.5, "fused": pytest.approx(1.48), "rerank": 3}


def test_no_more_than_the_top_is_given() -> None:
    assert order(ListwiseReranker(Judge()).rerank("?", passages("1", "3", "2"), 2)) == [1, 2]
    assert ListwiseReranker(Judge()).rerank("?", [], 5) == []


def test_what_a_model_writes_first_gains_nothing_beyond_its_grade() -> None:
    assert order(saying((3, 2), (2, 2), (1, 2)).rerank("?", passages("a", "b", "c"), 3)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("grades", "expected", "repair"),
    [
        ([(2, 3), (1, 1), (3, 0)], [1, 0, 2], []),
        ([(2, 3)], [1, 0, 2], ["2 passages not ranked, 0 ranked twice or unknown"]),
        ([(2, 3), (9, 3), (0, 3)], [1, 0, 2], ["2 passages not ranked, 2 ranked twice or unknown"]),
        ([(3, 1), (3, 0), (2, 0), (1, 0)], [2, 0, 1], ["0 passages not ranked, 1 ranked twice or unknown"]),
        ([], [0, 1, 2], ["3 passages not ranked, 0 ranked twice or unknown"]),
    ],
)
def test_a_wrong_ranking_is_mended_and_told(
    grades: list[tuple[int, int]], expected: list[int], repair: list[str]
) -> None:
    reranker = saying(*grades)
    assert order(reranker.rerank("?", passages("a", "b", "c"), 3)) == expected
    assert reranker.repairs == repair


@given(st.lists(st.tuples(st.integers(-3, 12), st.integers(0, 3))), st.integers(0, 9))
def test_whatever_is_ranked_every_passage_comes_back_once(grades: list[tuple[int, int]], count: int) -> None:
    ranked = saying(*grades).rerank("?", passages(*"abcdefghi"[:count]), count)
    assert sorted(order(ranked)) == list(range(count))


def test_up_to_fifty_are_seen_at_once_and_more_in_windows_from_the_bottom_up() -> None:
    assert spans(WHOLE) == [(0, WHOLE)]
    found = spans(WHOLE + 5)
    assert all(end - start == WINDOW for start, end in found)
    assert found[0][1] == WHOLE + 5
    assert found[-1][0] == 0
    assert all(first[0] - second[0] <= STRIDE for first, second in itertools.pairwise(found))


def test_a_good_passage_climbs_from_the_last_window_to_the_top() -> None:
    chance = random.Random(4)
    texts = [str(chance.choice((0, 1))) for _ in range(119)] + ["3"]
    judge = Judge()
    ranked = ListwiseReranker(judge).rerank("?", passages(*texts), 10)
    assert order(ranked)[0] == 119
    assert len(judge.windows) == len(spans(120))
    assert {passage.scores["rerank"] for passage in ranked[1:]} == {1}


def test_a_model_that_cannot_be_asked_is_an_error() -> None:
    def down(query: str, window: Sequence[Passage]) -> list[Grade]:
        raise ModelUnavailable("it is down")

    with pytest.raises(ModelUnavailable):
        ListwiseReranker(down).rerank("?", passages("a", "b"), 2)
