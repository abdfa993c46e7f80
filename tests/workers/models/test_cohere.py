"""What Cohere's chat has and the others have not."""

import pytest
from pydantic import BaseModel, SecretStr

from core.completions import ToolSpec
from core.errors import ModelRejected, ModelUnavailable
from core.vendors import Endpoint
from tests.servers.cohere_server import CohereServer
from tests.servers.scripts import Fail, Raw, Say
from tests.workers.models.conftest import KEY, asking
from workers.models._server import Server
from workers.models.cohere import CohereModel

LOOK = ToolSpec("look", "Looks.", {"type": "object", "properties": {"at": {"type": "string"}}})


class Verdict(BaseModel):
    good: bool


@pytest.fixture
def model(cohere_server: CohereServer) -> CohereModel:
    return CohereModel(Server(Endpoint("cohere", cohere_server.url, SecretStr(KEY), own=True), "scripted"))


def test_a_format_beside_tools_is_enforced_in_the_second_try(
    cohere_server: CohereServer, model: CohereModel
) -> None:
    cohere_server.script(Say("Good."))
    completion = model.complete(asking(response_model=Verdict, tools=(LOOK,)))
    assert completion.parsed == Verdict(good=False)
    first, second = (request.body for request in cohere_server.requests)
    assert "response_format" not in first
    assert second["response_format"]["json_schema"]["properties"] == {
        "good": {"title": "Good", "type": "boolean"}
    }
    assert "tools" not in second


@pytest.mark.parametrize("stream", [False, True])
def test_a_generation_that_the_server_gave_up_is_an_error(
    cohere_server: CohereServer, model: CohereModel, stream: bool
) -> None:
    cohere_server.script(*[Say("Twen", stop="content_filter")] * 4)
    with pytest.raises(ModelUnavailable, match="gave up with ERROR"):
        model.complete(asking(), (lambda _: None) if stream else None)


def test_a_seed_is_sent(cohere_server: CohereServer, model: CohereModel) -> None:
    model.complete(asking(seed=7))
    assert cohere_server.requests[0].body["seed"] == 7


def test_a_token_that_has_run_out_is_a_rejection(cohere_server: CohereServer, model: CohereModel) -> None:
    cohere_server.script(Fail(498, "invalid token"))
    with pytest.raises(ModelRejected, match="498"):
        model.complete(asking())


def test_a_piece_that_is_no_json_is_never_left_out(cohere_server: CohereServer, model: CohereModel) -> None:
    good = '{"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "Do "}}}}'
    end = '{"type": "message-end", "delta": {"finish_reason": "COMPLETE"}}'
    stream = "".join(f"data: {data}\n\n" for data in (good, good[:-9], good, end, "[DONE]"))
    cohere_server.script(*[Raw(stream.encode(), "text/event-stream")] * 4)
    with pytest.raises(ModelUnavailable, match="does not keep its protocol"):
        model.complete(asking(), lambda _: None)
