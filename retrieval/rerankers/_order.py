"""Putting passages in the order of verdicts on them, whatever the verdicts are like."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.documents import Passage
from retrieval.rerankers import RERANK

FUSED = "fused"
"""Name of search's own score in `Passage.scores`, once a reranker's has taken its place."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reranker says of one passage: its place in the list that it was given, and how good it is."""

    place: int
    score: float


def repaired(verdicts: Iterable[Verdict], count: int) -> dict[int, float]:
    """The score of each place that has one, from verdicts on `count` passages.

    Places that were not given are dropped, and of two verdicts on one place the first counts.
    """
    scores: dict[int, float] = {}
    for verdict in verdicts:
        if 0 <= verdict.place < count and math.isfinite(verdict.score):
            scores.setdefault(verdict.place, verdict.score)
    return scores


def ordered(passages: Sequence[Passage], verdicts: Iterable[Verdict]) -> list[Passage]:
    """The passages, best first, by verdicts on them.

    Equal verdicts keep the order of before, that is, of search's own score, so that a passage gains nothing
    by asking to stand first. Passages without a verdict come behind the others, in the order of before.

    Returns:
        Every passage once. `score` lies between 0 and 1 and falls from each to the next; `scores` also has
        the verdict as `rerank` and search's score as `fused`.
    """
    scores = repaired(verdicts, len(passages))
    places = sorted(range(len(passages)), key=lambda place: (-scores.get(place, -math.inf), place))
    return [
        replace(
            passages[place],
            score=1 - rank / len(places),
            scores={
                **passages[place].scores,
                FUSED: passages[place].score,
                **({RERANK: scores[place]} if place in scores else {}),
            },
        )
        for rank, place in enumerate(places)
    ]
