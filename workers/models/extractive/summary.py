"""Summaries made of a text's own most central sentences."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from core.documents import Passage
from workers.models.extractive.units import Unit, units
from workers.models.extractive.vectors import Vectors
from workers.models.extractive.words import content, weights
from workers.sentences import BlockKind

_LINES = 7
_MERGED = 10
_EMBEDDED = 60
_FEWEST_WORDS = 4
_LONGEST = 400
_ALIKE = 0.6
"""The cosine of two sentences' words from which the second says nothing new."""

_OPENING = 1.15
"""What the first sentence of a passage gains: writers put what matters first."""

_MARKERS = re.compile(r"(?:\s*\[\d{1,4}\])+\s*$")


def summarize(passages: Sequence[Passage], vectors: Vectors | None) -> list[str]:
    """At most seven sentences of a window as Markdown bullets, in its order; passages count from 1.

    Args:
        passages: the window's passages, in order.
        vectors: None counts words alone.
    """
    seen: set[int] = set()
    saying: list[Unit] = []
    opening: list[bool] = []
    for unit in units(passages):
        if _says(unit):
            saying.append(unit)
            opening.append(unit.passage not in seen)
            seen.add(unit.passage)
    chosen = _central([unit.text for unit in saying], opening, min(_LINES, (len(saying) + 1) // 2), vectors)
    return [f"- {' '.join(saying[at].text.split())} [{saying[at].passage + 1}]" for at in chosen]


def merge(lines: Sequence[str], vectors: Vectors | None) -> list[str]:
    """At most ten of several windows' lines, in their order and unchanged.

    Args:
        lines: Markdown bullets, each ending with its markers.
        vectors: None counts words alone.
    """
    texts = [_MARKERS.sub("", line) for line in lines]
    return [lines[at] for at in _central(texts, [False] * len(lines), _MERGED, vectors)]


def _says(unit: Unit) -> bool:
    if unit.kind not in (BlockKind.PROSE, BlockKind.ITEM, BlockKind.QUOTE):
        return False
    return len(unit.stems) >= _FEWEST_WORDS and len(unit.text) <= _LONGEST and not unit.text.endswith(":")


def _central(texts: Sequence[str], opening: Sequence[bool], most: int, vectors: Vectors | None) -> list[int]:
    """Places, in order, of the texts nearest to what all of them say, near-repetitions left out.

    A text's score is its mean cosine to all texts (degree centrality: Erkan and Radev, 2004, "LexRank"), over
    words weighted by how telling they are; of the best 60 the mean cosine of their vectors is added.
    """
    if not texts:
        return []
    by_words = _similarities([set(content(text)) for text in texts])
    scores = by_words.mean(axis=1) * np.where(opening, _OPENING, 1.0)
    if vectors:
        best = np.sort(np.argsort(-scores, kind="stable")[:_EMBEDDED])
        matrix = vectors.sentences([texts[at] for at in best])
        meaning = (matrix @ matrix.mean(axis=0)) * np.where(np.asarray(opening)[best], _OPENING, 1.0)
        both = scores[best] / (scores[best].max() or 1.0) + meaning / (meaning.max() or 1.0)
        scores = np.full(len(texts), -np.inf)
        scores[best] = both
    chosen: list[int] = []
    for at in np.argsort(-scores, kind="stable").tolist():
        if scores[at] > -np.inf and not any(by_words[at, other] > _ALIKE for other in chosen):
            chosen.append(at)
    return sorted(islice(chosen, most))


def _similarities(stems: Sequence[AbstractSet[str]]) -> NDArray[np.float64]:
    """Cosines of texts as bags of weighted words: shape (n, n)."""
    every = sorted(set().union(*stems))
    telling = weights(every, stems)
    column = {each: at for at, each in enumerate(every)}
    matrix = np.zeros((len(stems), len(every)))
    for row, each in enumerate(stems):
        for stem in each:
            matrix[row, column[stem]] = telling[stem]
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    matrix /= np.where(norms, norms, 1.0)
    similarities: NDArray[np.float64] = matrix @ matrix.T
    return similarities
