import json
from typing import Any

import pytest

from tests.cli.candor import Candor
from tests.servers.cohere_server import CohereServer
from tests.servers.scripted_http import Out, Route
from tests.servers.scripts import Fail, Say

CORPUS: list[dict[str, object]] = [
    {"_id": "0-0", "title": "Bicycles", "text": "The bicycle shed opens at 6:30.", "team": "a"},
    {"_id": "1-0", "title": "Badges", "text": "Badges are printed in room 214.", "team": "b"},
]
QUERIES: list[dict[str, object]] = [{"_id": "q", "text": "When does the bicycle shed open?", "team": "a"}]
QUESTIONS: list[dict[str, object]] = [
    {"id": "a", "question": "When does the bicycle shed open?", "answers": ["6:30"], "document": "0-0"}
]


@pytest.fixture
def measured(fresh: Candor) -> Candor:
    for name, lines in {"corpus": CORPUS, "queries": QUERIES, "questions": QUESTIONS}.items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (fresh.folder / f"{name}.jsonl").write_text(text)
    (fresh.folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq\t0-0\t1\n")
    return fresh


def retrieval(candor: Candor) -> list[str]:
    files = {"corpus": "corpus.jsonl", "queries": "queries.jsonl", "qrels": "qrels.tsv"}
    return ["eval", "retrieval"] + [
        word for option, file in files.items() for word in (f"--{option}", str(candor.folder / file))
    ]


def answers(candor: Candor) -> list[str]:
    files = [str(candor.folder / file) for file in ("corpus.jsonl", "questions.jsonl")]
    return ["eval", "answers", "--corpus", files[0], "--questions", files[1]]


def test_the_ladder_of_retrieval_stands_side_by_side(measured: Candor) -> None:
    rows = measured.object(*retrieval(measured), "--filter", "team")["rows"]
    assert [row["name"] for row in rows] == ["dense", "sparse", "hybrid"]
    assert all(row["nDCG@10"] == row["R@10"] == row["R@100"] == row["RR@10"] == 1 for row in rows)
    shown = measured.done(*retrieval(measured)).splitlines()
    assert shown[0].split() == ["name", "nDCG@10", "R@10", "R@100", "RR@10", "queries_per_s"]
    assert [line.split()[0] for line in shown[1:]] == ["dense", "sparse", "hybrid"]


class Knowing(CohereServer):
    """Ranks the document that answers first, and every other one alike."""

    def routes(self) -> dict[str, Route]:
        def rank(body: dict[str, Any], _step: Say | None) -> Out:
            scores = [float("6:30" in text) for text in body["documents"]]
            results = [{"index": at, "relevance_score": score} for at, score in enumerate(scores)]
            return Out(
                {"id": "rerank", "results": sorted(results, key=lambda each: -each["relevance_score"])}
            )

        return {**super().routes(), "/v2/rerank": rank}


def test_a_configured_reranker_is_the_last_rung_and_asked_over_http(measured: Candor) -> None:
    keywords = (
        "When does the bicycle shed open? The shed of every bicycle is open when the bicycle shed opens."
    )
    decoy = {"_id": "2-0", "title": "Bicycle shed", "text": keywords, "team": "a"}
    lines = "".join(json.dumps(line) + "\n" for line in [*CORPUS, decoy])
    (measured.folder / "corpus.jsonl").write_text(lines)
    with Knowing(key="key") as server:
        reranking = measured.set(
            cohere_base_url=server.url,
            cohere_api_key="key",
            reranker="cohere:scripted-reranker",
            reranker_seconds="30",
        )
        rows = {row["name"]: row for row in reranking.object(*retrieval(reranking))["rows"]}
        (asked,) = [each.body for each in server.requests if each.path == "/v2/rerank"]
        server.script(Fail(500))
        failed = reranking.run(*retrieval(reranking), "--json")
    assert list(rows) == ["dense", "sparse", "hybrid", "reranked"]
    assert (rows["hybrid"]["RR@10"], rows["reranked"]["RR@10"], rows["reranked"]["nDCG@10"]) == (0.5, 1, 1)
    assert asked["query"] == QUERIES[0]["text"]
    assert len(asked["documents"]) == 3
    assert failed.json["rows"][-1]["RR@10"] == 0.5
    assert "1 of 1 queries were not reranked: " in failed.err


def test_answers_are_measured_with_and_without_their_source(measured: Candor) -> None:
    card = measured.object(*answers(measured))
    assert (card["n"], card["contains_gold"], card["abstained_without_source"]) == (1, 1.0, 1.0)
    assert set(card["curve"][0]) == {"threshold", "contains_gold", "abstained", "abstained_without_source"}
    assert "answered with a gold answer" in measured.done(*answers(measured))


def test_a_file_at_fault_is_named(measured: Candor) -> None:
    (measured.folder / "queries.jsonl").write_text("{}\n")
    assert "queries.jsonl, line 1" in measured.refused(*retrieval(measured))
