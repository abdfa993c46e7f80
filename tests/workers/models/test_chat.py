"""What chat completions have and the other APIs have not."""

import pytest
from pydantic import BaseModel, SecretStr

from core.completions import StopReason, ToolSpec
from core.errors import ModelUnavailable
from core.vendors import Endpoint
from tests.servers import openai_chat
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Fail, Raw, Say
from tests.workers.models.conftest import KEY, asking
from workers.models._server import Server
from workers.models.openai import ChatModel

OPEN_TOOL = ToolSpec("note", "Notes anything.", {"type": "object", "additionalProperties": True})


class Verdict(BaseModel):
    good: bool


def model_on(server: OpenAIServer, model_id: str = "scripted", *, own: bool = True) -> ChatModel:
    return ChatModel(Server(Endpoint("openai", server.base_url, SecretStr(KEY), own), model_id))


@pytest.mark.parametrize("stream", [False, True])
def test_a_refusal_is_a_way_to_stop(openai_server: OpenAIServer, stream: bool) -> None:
    openai_server.script(Say(refusal="I will not do that."))
    pieces: list[str] = []
    completion = model_on(openai_server).complete(
        asking(response_model=Verdict), pieces.append if stream else None
    )
    assert completion.stop is StopReason.REFUSAL
    assert completion.text == "I will not do that."
    assert completion.parsed is None
    assert pieces == []


@pytest.mark.parametrize("stream", [False, True])
def test_a_content_filter_is_a_way_to_stop(openai_server: OpenAIServer, stream: bool) -> None:
    openai_server.script(Say("Twen", stop="content_filter"))
    completion = model_on(openai_server).complete(
        asking(response_model=Verdict), (lambda _: None) if stream else None
    )
    assert completion.stop is StopReason.CONTENT_FILTER
    assert completion.parsed is None


@pytest.mark.parametrize("stream", [False, True])
def test_fingerprint_and_logprobs_are_carried_through(openai_server: OpenAIServer, stream: bool) -> None:
    openai_server.script(Say("Twenty degrees."))
    completion = model_on(openai_server).complete(asking(seed=7), (lambda _: None) if stream else None)
    assert completion.system_fingerprint == openai_chat.FINGERPRINT
    assert completion.logprobs == (openai_chat.LOGPROB,) * 2
    assert completion.model == "scripted-2026-01-01"


def test_a_server_of_ones_own_is_sent_the_older_name_of_the_token_limit(openai_server: OpenAIServer) -> None:
    model_on(openai_server).complete(asking(max_tokens=50))
    model_on(openai_server, own=False).complete(asking(max_tokens=50))
    first, second = (request.body for request in openai_server.requests)
    assert first["max_tokens"] == second["max_completion_tokens"] == 50
    assert "max_completion_tokens" not in first
    assert "max_tokens" not in second


def test_a_reasoning_model_is_spared_what_it_refuses() -> None:
    with OpenAIServer(reasoning=True, key=KEY) as server:
        model = model_on(server, own=False)
        assert not model.capabilities.temperature
        assert model.complete(asking(temperature=0.0, seed=1, max_tokens=50)).text


def test_a_vendors_own_model_has_its_list_price() -> None:
    with OpenAIServer(models=("gpt-4o-mini",), key=KEY) as server:
        completion = model_on(server, "gpt-4o-mini", own=False).complete(asking())
    per_token_in, per_token_out = 0.15e-6, 0.60e-6
    tokens = completion.usage
    price = tokens.input_tokens * per_token_in + tokens.output_tokens * per_token_out
    assert completion.cost_usd == pytest.approx(price)


def test_both_tries_at_a_structure_are_paid() -> None:
    with OpenAIServer(models=("gpt-4o-mini",), key=KEY) as server:
        model = model_on(server, "gpt-4o-mini", own=False)
        once = model.complete(asking(response_model=Verdict))
        server.script(Say("no JSON"))
        twice = model.complete(asking(response_model=Verdict))
    assert once.cost_usd is not None
    assert twice.cost_usd is not None
    assert twice.cost_usd > 2 * once.cost_usd


def test_a_tool_that_strict_mode_cannot_express_is_sent_as_it_is(openai_server: OpenAIServer) -> None:
    model_on(openai_server).complete(asking(tools=(OPEN_TOOL,)))
    function = openai_server.requests[0].body["tools"][0]["function"]
    assert function["strict"] is False
    assert function["parameters"] == OPEN_TOOL.parameters


def test_an_error_inside_a_stream_is_an_error(openai_server: OpenAIServer) -> None:
    event = b'data: {"error": {"message": "out of memory"}}\n\n'
    openai_server.script(*[Raw(event, "text/event-stream")] * 4)
    with pytest.raises(ModelUnavailable, match="out of memory"):
        model_on(openai_server).complete(asking(), lambda _: None)


def test_an_account_without_money_is_not_asked_again(openai_server: OpenAIServer) -> None:
    openai_server.script(Fail(429, "insufficient_quota", {"x-should-retry": "false"}))
    with pytest.raises(ModelUnavailable, match="insufficient_quota"):
        model_on(openai_server).complete(asking())
    assert len(openai_server.requests) == 1


def test_usage_is_asked_for_only_when_streaming(openai_server: OpenAIServer) -> None:
    model = model_on(openai_server)
    assert model.complete(asking()).usage == model.complete(asking(), lambda _: None).usage
    whole, streamed = (request.body for request in openai_server.requests)
    assert "stream_options" not in whole
    assert streamed["stream_options"] == {"include_usage": True}
