"""Support: how well each unit of some passages answers a question, as one number.

Two weighted sums over a handful of plain features, each between 0 and 1 or a cosine. The first ranks units
within one question: which sentence holds the answer. The second, through the logistic function, says how
likely the best unit answers at all: whether the documents hold the answer. The weights are set by hand, in
round numbers: meaning counts about twice as much as words, and what a sentence, its neighbours and its
passage each share with the question counts alike. A fit to questions with known answers gained nothing over
them, and small changes lose little; `candor eval answers` shows how they do on documents of your own.

With vectors a unit needs few of the question's words; without them words must do all, so the weights differ.
The constants are such that one threshold serves both. The cosines are those of all-MiniLM-L6-v2; an embedder
that spreads its cosines otherwise asks for other weights.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.documents import Passage
from workers.models.extractive.expectation import Expectation, expectation, meets
from workers.models.extractive.units import Unit, heading_level, quotable
from workers.models.extractive.vectors import Vectors
from workers.models.extractive.words import asked, content, coverage, names, weights
from workers.sentences import BlockKind

_DENSE = "dense"
_EMBEDDED = 12
"""Units that are embedded for one question, chosen by their words: embedding is most of the time."""

_DENSE_PER_COSINE = 0.75
"""A passage's cosine to a question, where search does not tell it, as a share of its best sentence's."""

_WORDS_RANK = {"unit": 5.0, "near": 3.0, "asks": 2.0, "meets": 2.0, "rank": 5.0}
_WORDS_SUPPORT = {"": -7.0, "unit": 3.0, "near": 4.0, "passage": 4.0, "names": 3.0}
_VECTORS_RANK = {
    "cosine": 4.0,
    "dense": 8.0,
    "unit": 4.0,
    "near": 4.0,
    "asks": 2.0,
    "meets": 2.0,
    "rank": 1.0,
}
_VECTORS_SUPPORT = {"": -9.0, "cosine": 6.0, "dense": 6.0, "unit": 3.0, "near": 3.0, "passage": 3.0}


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

    unit, near, passage: coverage of the question's words by the unit; by it, its neighbours, title and the
    headings above it; by its whole passage. asks: the words that the question and the nearest heading have
    in common, as a share of all that either has. names: share of the question's names in the passage. meets:
    whether it holds the kind of thing asked for. rank: 1 / its passage's rank.
    """
    stems = asked(question)
    telling = weights(stems, [unit.stems for unit in found])
    kind, named = expectation(question), set(names(question)) & set(stems)
    titles = [frozenset(content(each.chunk.title)) for each in passages]
    whole = [
        title.union(
            content(" ".join(each.chunk.heading)), *(unit.stems for unit in found if unit.passage == number)
        )
        for number, (each, title) in enumerate(zip(passages, titles, strict=True))
    ]
    features: dict[Unit, dict[str, float]] = {}
    sections = _sections(passages, found)
    for at, unit in enumerate(found):
        if not quotable(unit) or (unit.kind is BlockKind.CODE and kind is not Expectation.STEPS):
            continue
        near = [each.stems for each in found[max(0, at - 1) : at + 2] if _near(unit, each)]
        passage, headings = whole[unit.passage], sections[at]
        features[unit] = {
            "": 1.0,
            "unit": coverage(telling, unit.stems),
            "near": coverage(telling, titles[unit.passage], *headings, *near),
            "passage": coverage(telling, passage),
            "asks": _alike(frozenset(stems), headings[-1]) if headings else 0.0,
            "names": len(named & passage) / len(named) if named else 1.0,
            "meets": meets(kind, unit.text, stems),
            "rank": 1 / (1 + unit.passage),
        }
    return features


def _sections(passages: Sequence[Passage], found: Sequence[Unit]) -> list[list[frozenset[str]]]:
    """The words of the headings above each unit, outermost first.

    A passage tells the headings above its start, but not their levels: the last one is taken to be of the
    level of the first heading in the passage, each one before it of the level above.
    """
    sections: list[list[frozenset[str]]] = []
    path: list[frozenset[str]] = []
    levels: list[int] = []
    for unit in found:
        if not unit.place:
            path = [frozenset(content(each)) for each in passages[unit.passage].chunk.heading]
            levels = []
        if unit.kind is BlockKind.HEADING:
            level = heading_level(unit, passages)
            levels = levels or [level - above for above in reversed(range(len(path)))]
            kept = sum(each < level for each in levels)
            path, levels = [*path[:kept], unit.stems], [*levels[:kept], level]
        sections.append(path)
    return sections


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's similarity, 0 to 1."""
    return len(one & other) / len(one | other) if one and other else 0.0


def _near(unit: Unit, other: Unit) -> bool:
    """Whether a neighbour tells what a unit is about: anything beside it but the next section's heading."""
    ahead = other.place > unit.place and other.kind is BlockKind.HEADING
    return other.passage == unit.passage and not ahead


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
