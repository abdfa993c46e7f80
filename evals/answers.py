"""How often the extractive model quotes an answer, and how often it stays silent when there is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from core.documents import Passage
from core.errors import Misconfigured
from core.messages import EVERYONE
from evals.corpora import Asked
from retrieval.embedders import Embedder
from retrieval.search import Query, Search
from workers.answering.budget import AnsweringSettings
from workers.answering.context import fit
from workers.models.extractive.answer import THRESHOLD, quotes
from workers.models.extractive.vectors import Vectors

CANDIDATES = 30
"""Passages that a question is answered from, before they are fitted to the context."""

_SPARE = 200
"""How many more are searched, so that enough are left when an article's own are taken out."""

STEPS = tuple(round(0.05 * step, 2) for step in range(1, 20))
"""The thresholds of the curve, beside the built-in one."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question.

    Attributes:
        support: of the best quote, 0 to 1.
        contains: whether a quote holds one of the gold answers.
        without: the support of the best quote without the documents of the question's article.
    """

    support: float
    contains: bool
    without: float


def article(document: str) -> str:
    """The part of a document's id before its last `-`; an id without one is an article by itself."""
    return document.rsplit("-", 1)[0]


def ask(
    asked: Sequence[Asked],
    finder: Search,
    embedder: Embedder | None,
    settings: AnsweringSettings,
    on_question: Callable[[], None] = lambda: None,
    *,
    missing: Callable[[str], str] = article,
) -> list[Result]:
    """Ask each question twice: as it is, and without every document of its article.

    Questions are searched, fitted and quoted as the pipeline does; nothing is remembered between them.

    Args:
        asked: the questions.
        finder: what to search.
        embedder: what tells meaning to the extractive model; None counts words alone.
        settings: how much of what is found fits.
        on_question: called after each question.
        missing: what the documents that are missing the second time have in common with the question's own.
    """
    results: list[Result] = []
    for each in asked:
        found = finder.find(Query(each.question, (EVERYONE,), limit=CANDIDATES))
        spare = finder.find(Query(each.question, (EVERYONE,), limit=CANDIDATES + _SPARE))
        gone = missing(each.document)
        others = [passage for passage in spare if missing(passage.chunk.document_id) != gone]
        vectors = Vectors(embedder) if embedder else None
        support, texts = _quoted(each.question, found, vectors, settings)
        without, _ = _quoted(each.question, others[:CANDIDATES], vectors, settings)
        contains = any(answer.casefold() in text for answer in each.answers for text in texts)
        results.append(Result(support, contains, without))
        on_question()
    return results


def scorecard(results: Sequence[Result]) -> dict[str, Any]:
    """Shares of all questions: answered with a gold answer, and left unanswered without the article.

    Returns:
        `n`, `threshold` (the built-in one), `contains_gold`, `abstained_without_source`, and `curve`: the
        same at other thresholds, with `abstained`, the share that is left unanswered with the article there.

    Raises:
        Misconfigured: nothing was asked.
    """
    if not results:
        raise Misconfigured("there are no questions to ask")
    built_in = _at(THRESHOLD, results)
    return {
        "n": len(results),
        "threshold": THRESHOLD,
        "contains_gold": built_in["contains_gold"],
        "abstained_without_source": built_in["abstained_without_source"],
        "curve": [_at(threshold, results) for threshold in sorted({*STEPS, THRESHOLD})],
    }


def _at(threshold: float, results: Sequence[Result]) -> dict[str, float]:
    return {
        "threshold": threshold,
        "contains_gold": _share(each.contains and each.support >= threshold for each in results),
        "abstained": _share(each.support < threshold for each in results),
        "abstained_without_source": _share(each.without < threshold for each in results),
    }


def _share(hits: Any) -> float:
    return round(fmean(hits), 4)


def _quoted(
    question: str, passages: Sequence[Passage], vectors: Vectors | None, settings: AnsweringSettings
) -> tuple[float, list[str]]:
    """The support of the best quote, and the quotes' texts."""
    given = fit(passages, (EVERYONE,), settings).passages
    chosen = quotes(question, given, vectors)
    texts = [given[each.passage].chunk.text[each.start : each.end].casefold() for each in chosen]
    return (chosen[0].support if chosen else 0.0), texts
