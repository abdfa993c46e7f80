"""The scripted servers keep the rules that they stand for."""

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.servers.cohere_server import CohereServer
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Say

SAY_HELLO = {"model": "scripted", "messages": [{"role": "user", "content": "Hello."}]}


@pytest.fixture
def openai() -> Iterator[httpx.Client]:
    with OpenAIServer() as server, httpx.Client(base_url=server.base_url) as client:
        yield client


@pytest.fixture
def cohere() -> Iterator[httpx.Client]:
    with CohereServer() as server, httpx.Client(base_url=server.url) as client:
        yield client


@pytest.mark.parametrize("module", ["openai_server", "cohere_server"])
def test_a_server_runs_as_a_process_and_prints_its_url(module: str) -> None:
    command = [sys.executable, "-m", f"tests.servers.{module}", "--port", "0", "--key", "k"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert httpx.get(f"{url}/v1/models").status_code == 401
        process.terminate()


@pytest.mark.parametrize(
    "change",
    [
        {"thinking": True},
        {"messages": []},
        {"messages": [{"role": "robot", "content": "Hi."}]},
        {"messages": [{"role": "tool", "tool_call_id": "call_1", "content": "3"}]},
        {"stream_options": {"include_usage": True}},
        {"response_format": {"type": "json_schema"}},
    ],
)
def test_chat_refuses_what_the_vendor_refuses(openai: httpx.Client, change: dict[str, Any]) -> None:
    response = openai.post("/chat/completions", json=SAY_HELLO | change)
    assert response.status_code == 400
    assert response.json()["error"]["message"]


def test_a_call_without_its_result_is_refused(openai: httpx.Client) -> None:
    function = {"name": "look", "arguments": "{}"}
    call = {"role": "assistant", "tool_calls": [{"id": "a", "type": "function", "function": function}]}
    messages = [call, {"role": "user", "content": "Well?"}]
    assert openai.post("/chat/completions", json=SAY_HELLO | {"messages": messages}).status_code == 400


def test_responses_refuse_a_seed(openai: httpx.Client) -> None:
    body = {"model": "scripted", "input": [{"role": "user", "content": "Hello."}]}
    assert openai.post("/responses", json=body).status_code == 200
    assert openai.post("/responses", json=body | {"seed": 7}).status_code == 400


def test_a_model_that_is_not_there_is_not_found(openai: httpx.Client, cohere: httpx.Client) -> None:
    assert openai.post("/chat/completions", json=SAY_HELLO | {"model": "other"}).status_code == 404
    assert cohere.post("/v2/chat", json=SAY_HELLO | {"model": "other", "stream": False}).status_code == 404


def test_a_chat_stream_ends_with_done_and_counts_only_when_asked(openai: httpx.Client) -> None:
    for options, counted in (({}, False), ({"stream_options": {"include_usage": True}}, True)):
        text = openai.post("/chat/completions", json=SAY_HELLO | {"stream": True} | options).text
        *events, done, rest = text.split("\n\n")
        assert (done, rest) == ("data: [DONE]", "")
        last = json.loads(events[-1].removeprefix("data: "))
        assert (last["choices"] == []) == counted == ("usage" in last)


def test_a_script_is_followed_step_by_step() -> None:
    with OpenAIServer() as server, httpx.Client(base_url=server.base_url) as client:
        server.script(Say("One."), Say("Two."))
        said = [client.post("/chat/completions", json=SAY_HELLO).json() for _ in range(3)]
        assert [reply["choices"][0]["message"]["content"] for reply in said] == ["One.", "Two.", "Hello."]
        assert [request.path for request in server.requests] == ["/v1/chat/completions"] * 3


def test_vectors_of_like_texts_are_near_each_other(openai: httpx.Client, cohere: httpx.Client) -> None:
    texts = ["red apples", "apples that are red", "a grey stone"]
    body: dict[str, Any] = {"model": "scripted-embedder", "input": texts}
    first = [item["embedding"] for item in openai.post("/embeddings", json=body).json()["data"]]
    body = {"model": "scripted-embedder", "input_type": "search_query", "texts": texts}
    second = cohere.post("/v2/embed", json=body).json()["embeddings"]["float"]
    for apples, same, stone in (first, second):
        near, far = (sum(a * b for a, b in zip(apples, other, strict=True)) for other in (same, stone))
        assert near > far


def test_the_reranker_puts_the_best_match_first(cohere: httpx.Client) -> None:
    documents = ["a grey stone", "apples that are red"]
    body = {"model": "scripted-reranker", "query": "red apples", "documents": documents, "top_n": 1}
    (best,) = cohere.post("/v2/rerank", json=body).json()["results"]
    assert best == {"index": 1, "relevance_score": 1.0}
