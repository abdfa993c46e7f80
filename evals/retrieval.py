"""How good retrieval is: the ladder from meaning or words alone to both, and to reranking."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ir_measures
from ir_measures import RR, R, nDCG

from core.documents import Passage
from core.errors import Misconfigured
from core.messages import EVERYONE
from evals.corpora import Query
from retrieval import search
from retrieval.points import DENSE, SPARSE
from retrieval.search import Search

PASSAGES = 100
"""Passages of one search, from which its ranking of documents is made."""

_DEEPER = 4
"""A document may have several passages: where too few documents were found, so many times more come."""

_DEEP = 100  # documents that recall is also measured at

Rerank = Callable[[str, Sequence[Passage]], Sequence[Passage]]
Judgements = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Rung:
    """One way to search.

    Attributes:
        name: what it is called.
        retrievers: the halves of search that take part.
        rerank: what looks at the candidates once more, given the query; None leaves their order.
    """

    name: str
    retrievers: tuple[str, ...] = (DENSE, SPARSE)
    rerank: Rerank | None = None


def ladder(*, dense: bool, rerank: Rerank | None = None) -> list[Rung]:
    """The rungs that there are: without an embedder there is no dense one."""
    rungs = [Rung("dense", (DENSE,))] if dense else []
    rungs += [Rung("sparse", (SPARSE,)), Rung("hybrid")]
    return [*rungs, Rung("reranked", rerank=rerank)] if rerank else rungs


def measure(
    rung: Rung,
    finder: Search,
    queries: Sequence[Query],
    judgements: Judgements,
    *,
    within: str = "",
    top: int = 10,
    on_query: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Search for every judged query, and score what is found.

    A document counts with its best passage. Queries per second are of the search itself, one after the other.

    Args:
        rung: how to search.
        finder: what to search.
        queries: those without a judgement are passed over.
        judgements: grade by query and document.
        within: a field: only documents that have the query's own value in it are searched.
        top: where the rankings are cut for nDCG, recall and reciprocal rank.
        on_query: called after each query.

    Returns:
        One row: `name`, `nDCG@10`, `R@10`, `R@100`, `RR@10` (at `top`), `queries_per_s`.

    Raises:
        Misconfigured: no query is judged, or one lacks the field.
    """
    judged = [query for query in queries if query.id in judgements]
    if not judged:
        raise Misconfigured("none of the queries has a judgement: their ids do not meet")
    run: dict[str, dict[str, float]] = {}
    seconds = 0.0
    for query in judged:
        started = time.perf_counter()
        passages = _find(rung, finder, query, within, PASSAGES)
        seconds += time.perf_counter() - started
        ranking = list(_documents(passages))
        if len(ranking) < _DEEP and len(passages) == PASSAGES:
            deeper = _find(rung, finder, query, within, PASSAGES * _DEEPER)
            ranking = list(dict.fromkeys([*ranking, *_documents(deeper)]))
        run[query.id] = {document: 1 / (1 + rank) for rank, document in enumerate(ranking)}
        on_query()
    measures = [nDCG @ top, R @ top, R @ _DEEP, RR @ top]
    relevant = {query.id: judgements[query.id] for query in judged}
    scores = ir_measures.calc_aggregate(measures, relevant, run)
    figures = {str(measure): round(scores[measure], 4) for measure in measures}
    return {"name": rung.name, **figures, "queries_per_s": round(len(judged) / seconds, 1)}


def _find(rung: Rung, finder: Search, query: Query, within: str, limit: int) -> Sequence[Passage]:
    if within and within not in query.fields:
        raise Misconfigured(f"--filter {within}: query {query.id} has no such field")
    where = {within: query.fields[within]} if within else {}
    wanted = search.Query(query.text, (EVERYONE,), limit=limit, where=where, retrievers=rung.retrievers)
    found = finder.find(wanted)
    return rung.rerank(query.text, found) if rung.rerank else found


def _documents(passages: Sequence[Passage]) -> Iterator[str]:
    """The documents of passages in their order, each once."""
    yield from dict.fromkeys(passage.chunk.document_id for passage in passages)
