"""Corpora, queries and judgements are read as they are, and errors name file and line."""

from pathlib import Path

import pytest

from core.errors import Misconfigured
from evals import corpora
from tests.evals.conftest import Files, write_lines


def test_a_document_has_its_language_link_and_other_fields(files: Files) -> None:
    found = list(corpora.documents(files.corpus))
    assert [document.id for document in found] == ["0-0", "0-1", "1-0", "2-0"]
    assert found[3].link == "/l"
    assert found[0].link == "0-0"
    assert found[0].fields == {"team": "a"}
    assert found[0].language == "en"


def test_queries_judgements_and_questions_are_read(files: Files) -> None:
    assert corpora.queries(files.queries)[0] == corpora.Query(
        "q1", "When does the bicycle shed open?", {"team": "a"}
    )
    assert corpora.judgements(files.qrels) == {"q1": {"0-0": 1}, "q2": {"0-1": 2, "0-0": 1}}
    assert corpora.questions(files.questions)[1].answers == ("Ms Okafor", "Okafor")


def test_a_file_of_judgements_needs_no_header(tmp_path: Path) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text("q\td\t0\n\nq\te\t3\n", encoding="utf-8")
    assert corpora.judgements(path) == {"q": {"d": 0, "e": 3}}


def test_ids_may_be_numbers_and_called_id(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "c.jsonl", [{"id": 7, "text": "Words."}])
    assert next(corpora.documents(path)).id == "7"


@pytest.mark.parametrize(
    "line", ["not json", "[]", '{"_id": "a"}', '{"text": "no id"}', '{"_id": 1, "text": []}']
)
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(f'{{"_id": "ok", "text": "Fine."}}\n{line}\n', encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"c\.jsonl, line 2: "):
        list(corpora.documents(path))


@pytest.mark.parametrize("line", ["q d 1", "q\td", "q\td\tmuch", "q\td\t1\t2"])
def test_a_bad_judgement_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "qrels.tsv"
    path.write_text(f"q\td\t1\n{line}\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"qrels\.tsv, line 2: "):
        corpora.judgements(path)


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="nowhere"):
        corpora.queries(tmp_path / "nowhere.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b'{"_id": "a", "text": "\xe9"}\n')
    with pytest.raises(Misconfigured, match="latin"):
        corpora.queries(tmp_path / "latin.jsonl")
