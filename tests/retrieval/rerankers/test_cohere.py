"""Cohere's reranker over real HTTP."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import CandorError, IndexUnavailable, Misconfigured
from retrieval.rerankers.cohere import MODEL, CohereReranker, create
from tests.retrieval.rerankers.passages import order, passages
from tests.servers.cohere_server import CohereServer
from tests.servers.scripts import Fail, Raw, Say

QUERY = "When is the front desk open?"
FOUND = passages("The coffee is cold.", "The front desk is closed.", "When is the front desk open? At 8.")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[CohereServer]:
    monkeypatch.chdir(tmp_path)
    with CohereServer(key="key") as server:
        monkeypatch.setenv("CANDOR_COHERE_BASE_URL", server.url)
        monkeypatch.setenv("CANDOR_COHERE_API_KEY", "key")
        yield server


@pytest.fixture
def reranker(server: CohereServer) -> CohereReranker:
    return create("scripted-reranker", 0.5)


def test_relevance_decides(server: CohereServer, reranker: CohereReranker) -> None:
    ranked = reranker.rerank(QUERY, FOUND, 2)
    assert order(ranked) == [2, 1]
    assert ranked[0].scores == {"dense": 0.5, "fused": FOUND[2].score, "rerank": 1}
    (request,) = server.requests
    assert request.body["query"] == QUERY
    assert [text.splitlines()[0] for text in request.body["documents"]] == ["Page"] * 3


def test_nothing_found_asks_nobody(server: CohereServer, reranker: CohereReranker) -> None:
    assert reranker.rerank(QUERY, [], 5) == []
    assert server.requests == []


def test_places_that_were_not_given_are_dropped_and_missing_ones_come_last(
    server: CohereServer, reranker: CohereReranker
) -> None:
    server.script(
        Raw(
            b'{"id": "1", "results": [{"index": 7, "relevance_score": 1}, '
            b'{"index": 1, "relevance_score": 0.4}, {"index": 1, "relevance_score": 0.2}]}'
        )
    )
    assert order(reranker.rerank(QUERY, FOUND, 3)) == [1, 0, 2]


@pytest.mark.parametrize(
    ("step", "error", "says"),
    [
        (Fail(500), IndexUnavailable, "answered 500"),
        (Fail(429), IndexUnavailable, "answered 429"),
        (Fail(400, "no"), Misconfigured, "CANDOR_RERANKER: "),
        (Raw(b"no json"), IndexUnavailable, "does not keep its protocol"),
        (Raw(b'{"id": "1", "results": []}'), IndexUnavailable, "ranked no passage"),
        (Say(delay=3), IndexUnavailable, "no answer in time"),
        (Say(breaks="cut"), IndexUnavailable, "does not answer"),
    ],
)
def test_a_failure_is_an_error_of_ours_after_one_request_and_in_time(
    server: CohereServer,
    reranker: CohereReranker,
    step: Fail | Raw | Say,
    error: type[CandorError],
    says: str,
) -> None:
    server.script(step)
    began = time.monotonic()
    with pytest.raises(error, match=says):
        reranker.rerank(QUERY, FOUND, 3)
    assert time.monotonic() - began < 2
    assert len(server.requests) == 1


def test_a_key_alone_is_enough(server: CohereServer) -> None:
    with pytest.raises(Misconfigured, match=rf"CANDOR_RERANKER: .*{MODEL}"):  # the server has no such model
        create("", 1.0).rerank(QUERY, FOUND, 3)
