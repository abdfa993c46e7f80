"""Answer a question with the best-supported sentences of the passages, quoted and cited."""

from collections.abc import Sequence

from core.documents import Passage
from workers.models.extractive.support import Supported, rank
from workers.models.extractive.units import Quote, Unit, stretch, units
from workers.models.extractive.vectors import Vectors
from workers.models.extractive.words import asked, content, coverage, weights

THRESHOLD = 0.35
"""The support below which the passages do not answer. Where it lies is a choice between answering what the
documents hold and staying silent where they do not: `benchmarks/answers.py` prints the whole curve."""

_ADDS = 0.3
"""The share of the question's weight that a second passage must add to be quoted too."""

_SECOND = THRESHOLD / 2
"""The support that a second passage needs: it answers but a part of the question, so less of it."""


def quotes(question: str, passages: Sequence[Passage], vectors: Vectors | None) -> list[Quote]:
    """What answers a question: the best quote, and where another passage clearly adds to it, a second one.

    Args:
        question: it stands alone.
        passages: best first.
        vectors: None counts words alone.

    Returns:
        Best first, whatever their support; empty when no passage has anything to quote.
    """
    found = units(passages)
    ranked = rank(question, passages, found, vectors)
    if not ranked:
        return []
    scores = {each.unit: each.score for each in ranked}
    first = _quote(ranked[0], scores, found)
    telling = weights(asked(question), [unit.stems for unit in found])
    said = content(_text(first, passages))
    for each in ranked[1:]:
        if each.unit.passage != first.passage and each.support >= _SECOND:
            second = _quote(each, scores, found)
            both = coverage(telling, said, content(_text(second, passages)))
            if both - coverage(telling, said) >= _ADDS:
                return [first, second]
    return [first]


def written(chosen: Sequence[Quote], passages: Sequence[Passage]) -> list[str]:
    """Each quote as a Markdown block quote that ends with its marker; passages count from 1."""
    return [_block(_text(each, passages), each.passage + 1) for each in chosen]


def _quote(best: Supported, scores: dict[Unit, float], found: Sequence[Unit]) -> Quote:
    around = [unit for unit in found if unit.passage == best.unit.passage]
    start, end = stretch(best.unit, scores, around)
    return Quote(best.unit.passage, start, end, best.support)


def _text(quote: Quote, passages: Sequence[Passage]) -> str:
    return passages[quote.passage].chunk.text[quote.start : quote.end]


def _block(text: str, number: int) -> str:
    closed = text.rstrip().endswith(("```", "~~~"))  # a marker behind a fence would keep it open
    lines = [*text.split("\n"), "", f"[{number}]"] if closed else f"{text} [{number}]".split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)
