import json

import pytest

from tests.cli.candor import Candor

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


def test_answers_are_measured_with_and_without_their_source(measured: Candor) -> None:
    card = measured.object(*answers(measured))
    assert (card["n"], card["contains_gold"], card["abstained_without_source"]) == (1, 1.0, 1.0)
    assert set(card["curve"][0]) == {"threshold", "contains_gold", "abstained", "abstained_without_source"}
    assert "answered with a gold answer" in measured.done(*answers(measured))


def test_a_file_at_fault_is_named(measured: Candor) -> None:
    (measured.folder / "queries.jsonl").write_text("{}\n")
    assert "queries.jsonl, line 1" in measured.refused(*retrieval(measured))
