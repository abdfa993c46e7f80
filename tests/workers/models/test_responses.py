"""What the responses API has and the others have not."""

import json
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from core.completions import StopReason
from core.errors import ModelRejected, ModelUnavailable
from core.vendors import Endpoint
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Raw, Say
from tests.workers.models.conftest import KEY, asking
from workers.models._server import Server
from workers.models.openai import ResponsesModel


class Verdict(BaseModel):
    good: bool


@pytest.fixture
def model(openai_server: OpenAIServer) -> ResponsesModel:
    return ResponsesModel(
        Server(Endpoint("openai", openai_server.base_url, SecretStr(KEY), own=True), "scripted")
    )


def failed(code: str) -> Raw:
    error: dict[str, Any] = {"code": code, "message": "said the server"}
    return Raw(json.dumps({"status": "failed", "error": error, "output": [], "model": "m"}).encode())


@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_is_a_way_to_stop(openai_server: OpenAIServer, model: ResponsesModel, stream: bool) -> None:
    openai_server.script(Say(refusal="I will not do that."))
    pieces: list[str] = []
    completion = model.complete(asking(response_model=Verdict), pieces.append if stream else None)
    assert completion.stop is StopReason.REFUSAL
    assert completion.text == "I will not do that."
    assert pieces == []


@pytest.mark.parametrize("stream", [False, True])
def test_a_content_filter_is_a_way_to_stop(
    openai_server: OpenAIServer, model: ResponsesModel, stream: bool
) -> None:
    openai_server.script(Say("Twen", stop="content_filter"))
    completion = model.complete(asking(), (lambda _: None) if stream else None)
    assert completion.stop is StopReason.CONTENT_FILTER


def test_nothing_is_kept_by_the_vendor(openai_server: OpenAIServer, model: ResponsesModel) -> None:
    model.complete(asking(seed=7))
    assert openai_server.requests[0].body["store"] is False


def test_there_is_neither_seed_nor_fingerprint(model: ResponsesModel) -> None:
    assert not model.capabilities.seed
    assert model.complete(asking(seed=7)).system_fingerprint == ""


def test_a_response_that_failed_for_a_moment_is_tried_again(
    openai_server: OpenAIServer, model: ResponsesModel
) -> None:
    openai_server.script(failed("server_error"), Say("Twenty."))
    assert model.complete(asking()).text == "Twenty."


def test_a_response_that_failed_for_good_is_a_rejection(
    openai_server: OpenAIServer, model: ResponsesModel
) -> None:
    openai_server.script(failed("invalid_prompt"))
    with pytest.raises(ModelRejected, match="invalid_prompt"):
        model.complete(asking())


def test_a_response_that_is_not_done_is_an_error(openai_server: OpenAIServer, model: ResponsesModel) -> None:
    openai_server.script(*[Raw(b'{"status": "queued", "output": [], "model": "m"}')] * 4)
    with pytest.raises(ModelUnavailable, match="queued"):
        model.complete(asking())


def test_an_error_inside_a_stream_is_an_error(openai_server: OpenAIServer, model: ResponsesModel) -> None:
    error = {"type": "error", "code": "server_error", "message": "out of memory", "sequence_number": 0}
    event = f"event: error\ndata: {json.dumps(error)}\n\n".encode()
    openai_server.script(*[Raw(event, "text/event-stream")] * 4)
    with pytest.raises(ModelUnavailable, match="out of memory"):
        model.complete(asking(), lambda _: None)
