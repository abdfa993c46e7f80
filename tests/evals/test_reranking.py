"""A reranker lifts by as much as it knows, whichever way its verdicts come in."""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from ir_measures import nDCG

from core.messages import EVERYONE
from core.settings import HomeSettings
from evals import corpora, reranking, retrieval
from evals.scratch import scratch
from retrieval.search import Query
from tests.evals.conftest import write_lines
from tests.servers import openai_chat
from tests.servers.cohere_server import CohereServer
from tests.servers.openai_chat import ChatRequest
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripted_http import Out, Route
from tests.servers.scripts import Say

QUERIES, DOCUMENTS, BEST = 12, 20, 4
_NAME = re.compile(r"sheet ([a-z]+) of (\d+)")


def skilled(query: int, sheet: str) -> int:
    """The grade that a reranker gives: in seven of ten cases the judged one, else any."""
    chance = random.Random(f"{query} {sheet}")
    return judged(query, sheet) if chance.random() < 0.7 else chance.randint(0, BEST)


def judged(query: int, sheet: str) -> int:
    """The grade of a sheet for a query: each from 0 to BEST, mostly 0."""
    return max(0, random.Random(f"{sheet} {query}").randint(-8, BEST))


def sheets() -> list[str]:
    return ["".join(random.Random(number).choices("bdfgklmnprst", k=6)) for number in range(DOCUMENTS)]


def grades(text: str) -> list[float]:
    """The grades of the sheets that a text names, in its order."""
    return [skilled(int(query), sheet) for sheet, query in _NAME.findall(text)]


class SkilledCohere(CohereServer):
    def routes(self) -> dict[str, Route]:
        def rank(body: dict[str, Any], _step: Say | None) -> Out:
            scores = [grades(text)[0] / BEST for text in body["documents"]]
            results = [{"index": at, "relevance_score": score} for at, score in enumerate(scores)]
            return Out(
                {"id": "rerank", "results": sorted(results, key=lambda each: -each["relevance_score"])}
            )

        return {**super().routes(), "/v2/rerank": rank}


class SkilledModel(OpenAIServer):
    def routes(self) -> dict[str, Route]:
        def grade(body: dict[str, Any], _step: Say | None) -> Out:
            given = grades(body["messages"][-1]["content"])
            ranking = [{"id": at, "grade": grade} for at, grade in enumerate(given, start=1)]
            best_first = sorted(ranking, key=lambda each: -each["grade"])
            said = Say(json.dumps({"ranking": best_first}))
            return openai_chat.reply(ChatRequest.model_validate(body), said)

        return {**super().routes(), "/v1/chat/completions": grade}


@pytest.fixture(params=["cohere", "listwise"])
def _vendor(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CANDOR_RERANKER_SECONDS", "30")
    if request.param == "cohere":
        with SkilledCohere(key="key") as cohere:
            monkeypatch.setenv("CANDOR_COHERE_BASE_URL", cohere.url)
            monkeypatch.setenv("CANDOR_COHERE_API_KEY", "key")
            monkeypatch.setenv("CANDOR_RERANKER", "cohere:scripted-reranker")
            yield
    else:
        with SkilledModel() as openai:
            monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", openai.base_url)
            monkeypatch.setenv("CANDOR_MODEL_SMALL", "openai:scripted-small")
            yield


@pytest.mark.usefixtures("_vendor")
def test_what_comes_out_is_what_the_rerankers_skill_computes_to(tmp_path: Path) -> None:
    names = sheets()
    corpus = write_lines(
        tmp_path / "corpus.jsonl",
        [
            {"_id": f"{query}-{sheet}", "text": f"Topic{query} sheet {sheet} of {query} of the handbook."}
            for query in range(QUERIES)
            for sheet in names
        ],
    )
    queries = [corpora.Query(str(query), f"topic{query}", {}) for query in range(QUERIES)]
    relevant = {
        str(query): {f"{query}-{sheet}": judged(query, sheet) for sheet in names} for query in range(QUERIES)
    }
    rerank = reranking.configured(None)
    assert rerank is not None
    with scratch(corpus, None, HomeSettings(home=tmp_path / "home")) as finder:
        hybrid, reranked = (
            retrieval.measure(rung, finder, queries, relevant)
            for rung in retrieval.ladder(dense=False, rerank=rerank)[1:]
        )
        run = {
            query.id: {
                each.chunk.document_id: skilled(int(query.id), each.chunk.document_id.split("-")[1])
                + 1e-3 / rank
                for rank, each in enumerate(finder.find(Query(query.text, (EVERYONE,), limit=30)), start=1)
            }
            for query in queries
        }
    computed = ir_measures.calc_aggregate([nDCG @ 10], relevant, run)[nDCG @ 10]
    assert rerank.skipped == 0
    assert reranked["nDCG@10"] == pytest.approx(computed, abs=1e-3)
    assert reranked["nDCG@10"] > hybrid["nDCG@10"] + 0.1
