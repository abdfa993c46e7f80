"""What reranking lifts, with rerankers of known skill: from one that guesses to one that knows everything.

    python -m benchmarks.reranking FOLDER...

Each folder holds corpus.jsonl, queries.jsonl and qrels.tsv. Prints nDCG@10 of search's own order, of what the
reranker's skill computes to on the same candidates, and of what comes out of Candor: through the grades of a
language model (listwise), and through the scores of a service.
"""

import argparse
import hashlib
import os
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import ir_measures
from ir_measures import nDCG

from core.completions import Models
from core.deadline import Deadline
from core.documents import Passage
from core.messages import EVERYONE
from core.settings import HomeSettings
from evals.corpora import judgements, queries
from evals.scratch import scratch
from retrieval.embedders import EmbedderSettings, open_embedder
from retrieval.rerankers import Reranker, RerankerSettings
from retrieval.rerankers._order import Verdict, ordered
from retrieval.rerankers.listwise import BEST, Grade, ListwiseReranker
from retrieval.search import Query, Search
from workers.answering.budget import AnsweringSettings
from workers.answering.calls import Calls
from workers.answering.reranking import Reranking

SKILLS = (1.0, 0.9, 0.7, 0.5, 0.0)
"""Share of the passages that a reranker sees as they were judged; of the others it says anything, from 0 to
the best grade that the set has."""

CANDIDATES = (10, 30, 50, 100)

Judged = dict[str, dict[str, int]]
Rankings = dict[str, Sequence[Passage]]


class Skilled:
    """Grades passages of one query with a given skill, always alike."""

    def __init__(self, relevant: dict[str, int], skill: float, highest: int) -> None:
        self._relevant = relevant
        self._skill = skill
        self._highest = highest

    def grade(self, query: str, passage: Passage) -> int:
        """What the passage was judged as, or anything."""
        document = passage.chunk.document_id
        chance = random.Random(hashlib.sha256(f"{query}\0{document}".encode()).digest())
        if chance.random() < self._skill:
            return max(0, self._relevant.get(document, 0))
        return chance.randint(0, self._highest)

    def listwise(self) -> Reranker:
        def judge(query: str, window: Sequence[Passage]) -> list[Grade]:
            return [Grade(at, self.grade(query, each)) for at, each in enumerate(window, 1)]

        return ListwiseReranker(judge)

    def service(self) -> Reranker:
        return Service(self)


class Service:
    """Scores every passage by itself."""

    def __init__(self, skilled: Skilled) -> None:
        self._skilled = skilled

    def rerank(self, query: str, passages: Sequence[Passage], top: int) -> list[Passage]:
        verdicts = [Verdict(place, self._skilled.grade(query, each)) for place, each in enumerate(passages)]
        return ordered(passages, verdicts)[:top]


def through(make: Callable[[], Reranker], query: str, found: Sequence[Passage]) -> Sequence[Passage]:
    """As an answer has it reranked."""
    calls = Calls(Models({}), AnsweringSettings(), Deadline(60))
    ranked = Reranking(lambda _calls, _deadline: make(), RerankerSettings()).rerank(query, found, calls)
    assert not ranked.notes
    return ranked.passages


def score(judged: Judged, rankings: Rankings) -> float:
    run = {
        query: {
            document: 1 / (1 + rank)
            for rank, document in enumerate(dict.fromkeys(each.chunk.document_id for each in passages))
        }
        for query, passages in rankings.items()
    }
    return float(ir_measures.calc_aggregate([nDCG @ 10], judged, run)[nDCG @ 10])


def measure(folder: Path, finder: Search) -> None:
    judged = judgements(folder / "qrels.tsv")
    asked = [query for query in queries(folder / "queries.jsonl") if query.id in judged]
    judged = {query.id: judged[query.id] for query in asked}
    found: Rankings = {
        each.id: finder.find(Query(each.text, (EVERYONE,), limit=max(CANDIDATES))) for each in asked
    }
    own = score(judged, found)
    highest = max(grade for grades in judged.values() for grade in grades.values())
    assert highest <= BEST
    for skill in SKILLS:
        for count in CANDIDATES:
            rows: dict[str, Rankings] = {"computed": {}, "listwise": {}, "service": {}}
            for query in asked:
                few = found[query.id][:count]
                skilled = Skilled(judged[query.id], skill, highest)
                rows["computed"][query.id] = sorted(few, key=lambda each: -skilled.grade(query.text, each))
                rows["listwise"][query.id] = through(skilled.listwise, query.text, few)
                rows["service"][query.id] = through(skilled.service, query.text, few)
            figures = " | ".join(f"{score(judged, rankings):.3f}" for rankings in rows.values())
            print(f"| {folder.name} | {skill:.1f} | {count} | {own:.3f} | {figures} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = HomeSettings(home=Path(name))
        embedder = open_embedder(
            EmbedderSettings(embedder="packaged", embedder_threads=os.cpu_count() or 1), home
        )
        print("| set | skill | candidates | search's own order | computed | listwise | service |")
        print("| --- | --- | --- | --- | --- | --- | --- |")
        for folder in arguments.folders:
            with scratch(folder / "corpus.jsonl", embedder, home) as finder:
                measure(folder, finder)


if __name__ == "__main__":
    main()
