"""Support: how well each unit of some passages answers a question, as one number.

Two linear models over a handful of plain features, each between 0 and 1 or a cosine. The first ranks units
within one question (a conditional logit: which sentence holds the answer). The second says how likely the
best unit answers at all (a logistic regression: is the article that answers among the documents). Their
coefficients were fitted once, by Newton's method with an L2 penalty of 1, on the 1,190 English questions of
XQuAD over its 240 paragraphs, and rounded. On articles that the fit had not seen (five folds), 90 % of all
questions were answered with a quote that holds the answer where 95 % were left unanswered once their
article was gone.

With vectors a unit needs few of the question's words; without them words must do all, so the models differ.
Two numbers were moved by hand: the constant of the words' support, so that one threshold serves both, and
`rank` with vectors, which was kept out of that fit (fitted, it ranked worse) and given a small weight at no
loss, so that the order of a reranker counts. The cosines are those of all-MiniLM-L6-v2; an embedder that
spreads its cosines otherwise asks for another fit.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.documents import Passage
from workers.models.extractive.expectation import Expectation, expectation, meets
from workers.models.extractive.units import Unit, quotable
from workers.models.extractive.vectors import Vectors
from workers.models.extractive.words import asked, content, coverage, names, weights
from workers.sentences import BlockKind

_DENSE = "dense"
_EMBEDDED = 12
"""Units that are embedded for one question, chosen by their words: embedding is most of the time."""

_DENSE_PER_COSINE = 0.75
"""A passage's cosine to a question, where search does not tell it, as a share of its best sentence's."""

_WORDS_RANK = {"unit": 4.8, "near": 2.5, "meets": 1.7, "rank": 4.8}
_WORDS_SUPPORT = {"": -6.35, "unit": 2.8, "near": 3.6, "passage": 3.8, "names": 2.5}
_VECTORS_RANK = {"cosine": 4.2, "dense": 7.4, "unit": 3.3, "near": 3.7, "meets": 1.7, "rank": 1.0}
_VECTORS_SUPPORT = {"": -8.75, "cosine": 6.6, "dense": 6.3, "unit": 2.3, "near": 2.8, "passage": 2.8}


@dataclass(frozen=True, slots=True)
class Supported:
    """A unit with the score that ranks it within its question, and its support between 0 and 1."""

    unit: Unit
    score: float
    support: float


def rank(
    question: str, passages: Sequence[Passage], found: Sequence[Unit], vectors: Vectors | None
) -> list[Supported]:
    """Rank the quotable units of these passages by how well they answer a question.

    Args:
        question: it stands alone.
        passages: best first.
        found: all their units, in order.
        vectors: None counts words alone. They are also left out where search left its dense half out: where
            passages tell the scores of their retrievers and none is `dense`.

    Returns:
        Best first; with vectors, the best by their words only.
    """
    features = _word_features(question, passages, found)
    if not features:
        return []
    if vectors and (
        not any(each.scores for each in passages) or any(_DENSE in each.scores for each in passages)
    ):
        best = sorted(features, key=lambda unit: -_dot(_WORDS_RANK, features[unit]))[:_EMBEDDED]
        features = {unit: features[unit] for unit in best}
        _add_cosines(features, question, passages, vectors)
        by_rank, by_support = _VECTORS_RANK, _VECTORS_SUPPORT
    else:
        by_rank, by_support = _WORDS_RANK, _WORDS_SUPPORT
    ranked = [
        Supported(unit, _dot(by_rank, values), 1 / (1 + math.exp(-_dot(by_support, values))))
        for unit, values in features.items()
    ]
    return sorted(ranked, key=lambda each: -each.score)


def _word_features(
    question: str, passages: Sequence[Passage], found: Sequence[Unit]
) -> dict[Unit, dict[str, float]]:
    """Features of each quotable unit that need no vectors.

    unit, near, passage: coverage of the question's words by the unit; by it, its neighbours, title and
    headings; by its whole passage. names: share of the question's names in the passage. meets: whether it
    holds the kind of thing asked for. rank: 1 / its passage's rank.
    """
    stems = asked(question)
    telling = weights(stems, [unit.stems for unit in found])
    kind, named = expectation(question), set(names(question)) & set(stems)
    above = [frozenset(content(" ".join((each.chunk.title, *each.chunk.heading)))) for each in passages]
    whole = [
        each.union(*(unit.stems for unit in found if unit.passage == number))
        for number, each in enumerate(above)
    ]
    features: dict[Unit, dict[str, float]] = {}
    heading: frozenset[str] = frozenset()
    for at, unit in enumerate(found):
        if unit.kind is BlockKind.HEADING or not unit.place:
            heading = unit.stems if unit.kind is BlockKind.HEADING else frozenset()
        if not quotable(unit) or (unit.kind is BlockKind.CODE and kind is not Expectation.STEPS):
            continue
        near = [each.stems for each in found[max(0, at - 1) : at + 2] if each.passage == unit.passage]
        passage = whole[unit.passage]
        features[unit] = {
            "": 1.0,
            "unit": coverage(telling, unit.stems),
            "near": coverage(telling, above[unit.passage], heading, *near),
            "passage": coverage(telling, passage),
            "names": len(named & passage) / len(named) if named else 1.0,
            "meets": meets(kind, unit.text, stems),
            "rank": 1 / (1 + unit.passage),
        }
    return features


def _add_cosines(
    features: dict[Unit, dict[str, float]], question: str, passages: Sequence[Passage], vectors: Vectors
) -> None:
    """Add to each unit its cosine to the question, and its passage's, as search has it."""
    cosines = vectors.sentences([unit.readable for unit in features]) @ vectors.question(question)
    best: dict[int, float] = {}
    for unit, cosine in zip(features, cosines.tolist(), strict=True):
        features[unit]["cosine"] = cosine
        best[unit.passage] = max(cosine, best.get(unit.passage, -1.0))
    for unit, values in features.items():
        own = passages[unit.passage].scores.get(_DENSE)
        values["dense"] = _DENSE_PER_COSINE * best[unit.passage] if own is None else own


def _dot(coefficients: Mapping[str, float], values: Mapping[str, float]) -> float:
    return sum(coefficient * values[name] for name, coefficient in coefficients.items())
