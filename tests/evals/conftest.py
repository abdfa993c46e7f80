"""A small corpus with queries, judgements and questions, as files."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_CORPUS = [
    {
        "_id": "0-0",
        "title": "Bicycles",
        "text": "The bicycle shed opens at 6:30 and closes at 22:00.",
        "team": "a",
    },
    {"_id": "0-1", "title": "Bicycles", "text": "A lost bicycle key costs 15 euros.", "team": "b"},
    {"_id": "1-0", "title": "Badges", "text": "Badges are printed by Ms Okafor in room 214.", "team": "a"},
    {
        "_id": "2-0",
        "title": "Lunch",
        "text": "Lunch is served from noon in the canteen.",
        "team": "b",
        "url": "/l",
    },
]
_QUERIES = [
    {"_id": "q1", "text": "When does the bicycle shed open?", "team": "a"},
    {"_id": "q2", "text": "What does a lost bicycle key cost?", "team": "b"},
    {"_id": "q3", "text": "nobody judged this", "team": "a"},
]
_QUESTIONS = [
    {"id": "a1", "question": "When does the bicycle shed open?", "answers": ["6:30"], "document": "0-0"},
    {"id": "a2", "question": "Who prints badges?", "answers": ["Ms Okafor", "Okafor"], "document": "1-0"},
]


@dataclass(frozen=True, slots=True)
class Files:
    corpus: Path
    queries: Path
    qrels: Path
    questions: Path


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    qrels = tmp_path / "qrels.tsv"
    qrels.write_text("query-id\tcorpus-id\tscore\nq1\t0-0\t1\nq2\t0-1\t2\nq2\t0-0\t1\n", encoding="utf-8")
    return Files(
        write_lines(tmp_path / "corpus.jsonl", _CORPUS),
        write_lines(tmp_path / "queries.jsonl", _QUERIES),
        qrels,
        write_lines(tmp_path / "questions.jsonl", _QUESTIONS),
    )
