"""The listwise reranker: a language model sees the candidates side by side and grades them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.documents import Passage
from retrieval.rerankers._order import Verdict, ordered, repaired

WHOLE = 50
"""Candidates that are graded in one window. More go through in several."""

WINDOW = 20
STRIDE = 10
"""Size and step of several windows, from the bottom up, as in RankGPT (Sun et al. 2023, arXiv 2304.09542)."""


BEST = 10
"""The grade of a passage that answers the question. Fewer grades than people judge with would make ties of
passages that a good model tells apart (Zhuang et al. 2023, arXiv 2310.14122)."""


@dataclass(frozen=True, slots=True)
class Grade:
    """The model's verdict on the passage of a number, counted from 1: from 0, beside the point, to BEST."""

    id: int
    grade: int


Judge = Callable[[str, Sequence[Passage]], Sequence[Grade]]
"""Has a model grade passages for a query; raises CandorError when it cannot."""


class ListwiseReranker:
    """Orders passages by a language model's grades.

    Attributes:
        repairs: what was wrong with the model's rankings and was mended, in words; empty when nothing was.
    """

    def __init__(self, judge: Judge) -> None:
        self.repairs: list[str] = []
        self._judge = judge

    def rerank(self, query: str, passages: Sequence[Passage], top: int) -> list[Passage]:
        """The best passages by their grades, equal grades in the order of before; see `Reranker`.

        A window of which the model ranks nothing keeps its order.

        Raises:
            CandorError: the model cannot be asked.
        """
        grades: dict[int, float] = {}
        order = list(range(len(passages)))
        for start, end in spans(len(passages)):
            window = order[start:end]
            scores = self._graded(query, [passages[place] for place in window])
            grades |= {window[at]: score for at, score in scores.items()}
            order[start:end] = sorted(window, key=lambda place: (-grades.get(place, -1), place))
        return ordered(passages, [Verdict(place, grade) for place, grade in grades.items()])[:top]

    def _graded(self, query: str, window: Sequence[Passage]) -> dict[int, float]:
        grades = self._judge(query, window)
        scores = repaired([Verdict(each.id - 1, each.grade) for each in grades], len(window))
        surplus, missing = len(grades) - len(scores), len(window) - len(scores)
        if surplus or missing:
            self.repairs.append(f"{missing} passages not ranked, {surplus} ranked twice or unknown")
        return scores


def spans(count: int) -> list[tuple[int, int]]:
    """Where the windows over so many candidates begin and end, in the order in which they are graded."""
    if count <= WHOLE:
        return [(0, count)] if count else []
    ends = range(count, WINDOW, -STRIDE)
    return [*((end - WINDOW, end) for end in ends), (0, WINDOW)]
