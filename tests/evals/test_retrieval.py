"""The ladder on a small corpus, against figures worked out by hand."""

from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any

import pytest

from core.errors import Misconfigured
from core.settings import HomeSettings
from evals import corpora
from evals.retrieval import Rung, ladder, measure
from evals.scratch import scratch
from retrieval.points import SPARSE
from tests.evals.conftest import Files
from tests.retrieval.conftest import ToyEmbedder


def rows(files: Files, home: Path, *rungs: Rung, **options: Any) -> list[dict[str, Any]]:
    embedder = ToyEmbedder()
    with scratch(files.corpus, embedder, HomeSettings(home=home)) as finder:
        queries, judgements = corpora.queries(files.queries), corpora.judgements(files.qrels)
        return [measure(rung, finder, queries, judgements, **options) for rung in rungs]


def test_the_ladder_has_a_row_for_each_way_to_search(files: Files, tmp_path: Path) -> None:
    found = rows(files, tmp_path / "home", *ladder(dense=True))
    assert [row["name"] for row in found] == ["dense", "sparse", "hybrid"]
    sparse = found[1]
    assert list(sparse) == ["name", "nDCG@10", "R@10", "R@100", "RR@10", "queries_per_s"]
    assert (sparse["nDCG@10"], sparse["R@10"], sparse["RR@10"]) == (1.0, 1.0, 1.0)
    assert sparse["queries_per_s"] > 0
    assert [rung.name for rung in ladder(dense=False)] == ["sparse", "hybrid"]


def test_figures_are_those_of_the_order(files: Files, tmp_path: Path) -> None:
    backwards = Rung("backwards", (SPARSE,), rerank=lambda _query, passages: list(reversed(passages)))
    (row,) = rows(files, tmp_path / "home", backwards)
    # q1 finds 0-0 and 0-1, so that 0-0 comes second; q2 finds both as well, the better one second.
    second = 1 / log2(3)
    assert row["nDCG@10"] == pytest.approx((second + (1 + 2 * second) / (2 + second)) / 2, abs=1e-4)
    assert row["RR@10"] == pytest.approx((0.5 + 1) / 2, abs=1e-4)


def test_a_filter_searches_where_the_query_belongs(files: Files, tmp_path: Path) -> None:
    (row,) = rows(files, tmp_path / "home", Rung("hybrid"), within="team")
    assert row["R@100"] == pytest.approx((1 + 0.5) / 2)


def test_a_cut_has_its_own_names(files: Files, tmp_path: Path) -> None:
    (row,) = rows(files, tmp_path / "home", Rung("hybrid"), top=1)
    assert list(row)[1:-1] == ["nDCG@1", "R@1", "R@100", "RR@1"]


def test_a_filter_that_no_query_has_and_judgements_of_other_queries_are_errors(
    files: Files, tmp_path: Path
) -> None:
    with pytest.raises(Misconfigured, match="--filter floor: query q1"):
        rows(files, tmp_path / "home", Rung("hybrid"), within="floor")
    other = tmp_path / "other.tsv"
    other.write_text("x\ty\t1\n", encoding="utf-8")
    with pytest.raises(Misconfigured, match="none of the queries"):
        rows(replace(files, qrels=other), tmp_path / "home", Rung("hybrid"))


def test_a_second_run_embeds_nothing_and_a_changed_corpus_is_read_anew(files: Files, tmp_path: Path) -> None:
    home, embedder = HomeSettings(home=tmp_path / "home"), ToyEmbedder()
    for expected in (4, 4):
        with scratch(files.corpus, embedder, home):
            assert len(embedder.embedded) == expected
    files.corpus.write_text('{"_id": "9", "text": "Something else."}\n', encoding="utf-8")
    with scratch(files.corpus, embedder, home) as finder:
        assert len(embedder.embedded) == 5
        assert finder.documents(("everyone",)) == 1
