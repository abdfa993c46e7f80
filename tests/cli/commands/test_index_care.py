"""`candor index reembed` and `candor index optimize`, with the real command."""

import json
from collections.abc import Iterator

import pytest

from tests.cli.candor import Candor, read_until, stop
from tests.servers.openai_server import OpenAIServer

QUERY = ("search", "parking pass", "--json")


@pytest.fixture
def other(candor: Candor) -> Iterator[Candor]:
    """The command with another embedder than the one that made its index."""
    with OpenAIServer() as server:
        yield candor.set(openai_base_url=server.base_url, embedder="openai:scripted-embedder")


def test_another_embedder_is_refused_until_the_index_is_made_anew(candor: Candor, other: Candor) -> None:
    assert "candor index reembed" in other.refused(*QUERY)
    said = other.done("index", "reembed")
    assert "openai:scripted-embedder" in said
    (best, *_) = json.loads(other.done(*QUERY))
    assert best["title"] == "Parking"
    assert best["scores"]["dense"] > 0
    assert "candor index reembed" in candor.refused(*QUERY)
    assert "nothing to do" in other.done("index", "reembed")


def test_while_the_index_is_served_it_is_made_anew_too(candor: Candor, other: Candor) -> None:
    with candor.running("index", "serve") as owner:
        read_until(owner.stdout, "\n")
        other.done("index", "reembed")
        assert json.loads(other.done(*QUERY))[0]["title"] == "Parking"
        assert stop(owner) == 0
    assert json.loads(other.done(*QUERY))[0]["title"] == "Parking"


def test_the_index_is_optimized_when_nobody_serves_it(candor: Candor) -> None:
    before = json.loads(candor.done(*QUERY))
    with candor.running("index", "serve") as owner:
        read_until(owner.stdout, "\n")
        assert "another process has the index" in candor.refused("index", "optimize")
        stop(owner)
    assert "optimized" in candor.done("index", "optimize")
    after = json.loads(candor.done(*QUERY))
    assert [row["document_id"] for row in after] == [row["document_id"] for row in before]


def test_a_qdrant_server_optimizes_by_itself(candor: Candor) -> None:
    served = candor.set(qdrant_url="http://127.0.0.1:1")
    assert "nothing to do" in served.done("index", "optimize")


def test_doctor_says_what_reranks_and_why(candor: Candor, other: Candor) -> None:
    assert "neither CANDOR_COHERE_API_KEY nor CANDOR_MODEL_SMALL is set" in candor.run("doctor").out
    small = other.set(model_small="openai:scripted-small")
    assert (
        "openai:scripted-small, 30 candidates in 1.5 s (CANDOR_MODEL_SMALL is set)" in small.run("doctor").out
    )
    keyed = candor.set(cohere_api_key="key")
    assert "(CANDOR_COHERE_API_KEY is set)" in keyed.run("doctor").out
    assert "CANDOR_RERANKER" in candor.set(reranker="best").run("doctor").out
