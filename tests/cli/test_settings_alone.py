"""The same command on Redis, Postgres and hosted models: nothing but settings is different."""

import pytest

from tests.cli.candor import Candor, stop
from tests.servers.cohere_server import CohereServer
from tests.servers.databases import PostgresServer
from tests.servers.openai_server import OpenAIServer
from tests.servers.redis_server import RedisServer

ASKED = "How do I hand in receipts?"


@pytest.mark.parametrize(
    ("name", "api"),
    [
        ("openai:scripted", "chat"),
        pytest.param("openai:scripted", "responses", marks=pytest.mark.slow),
        pytest.param("cohere:scripted", "", marks=pytest.mark.slow),
    ],
)
def test_a_worker_elsewhere_answers_through_redis_and_postgres(
    candor: Candor, redis: RedisServer, postgres: PostgresServer, name: str, api: str
) -> None:
    with OpenAIServer(key="k-1") as openai, CohereServer(key="k-2") as cohere:
        shared = candor.set(
            broker_url=redis.url,
            database_url=postgres.new_database(),
            model_strong=name,
            openai_api=api,
            openai_base_url=openai.base_url,
            openai_api_key="k-1",
            cohere_base_url=cohere.url,
            cohere_api_key="k-2",
            reranker="cohere:scripted-reranker",
        )
        with shared.worker() as worker:
            shown = shared.object("ask", ASKED)
            assert stop(worker) == 0
        requests = openai.requests if name.startswith("openai") else cohere.requests
    assert shown["outcome"] == "answered"
    assert shown["model"] == name
    assert "send them to the accounts team before the fifth of the month. [1]" in shown["answer"]
    assert [citation["title"] for citation in shown["citations"]] == ["Expenses"]
    assert requests
    assert len(shared.turns()) == 1
    assert candor.turns() == []
    assert (candor.folder / "worker.log").read_text() == ""
