"""What every member of the family keeps, hosted or not."""

from collections.abc import Iterator

import pytest

from core import plugins
from core.completions import NO_ANSWER, CompletionRequest, Model, StopReason
from core.documents import Chunk, Passage
from prompts.render import render
from tests.servers.cohere_server import CohereServer
from tests.servers.openai_server import OpenAIServer
from tests.workers.models.conftest import KEY, opened
from workers.models import EXTRACTIVE

APIS = {"openai": ["chat", "responses"], "cohere": ["cohere"], EXTRACTIVE: ["none"]}
MEMBERS = plugins.members("workers.models")
SENTENCE = "The coffee machine on the third floor is cleaned every Friday at noon."


@pytest.fixture(params=[api for member in MEMBERS for api in APIS[member]])
def model(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    if request.param == "none":
        made: Model = plugins.load("workers.models", EXTRACTIVE, setting="").create("", None)
        yield made
        return
    server = CohereServer(key=KEY) if request.param == "cohere" else OpenAIServer(key=KEY)
    with server:
        yield opened(monkeypatch, request.param, server)


def asked(question: str, *texts: str) -> CompletionRequest:
    passages = tuple(
        Passage(
            Chunk(f"c{n}", f"d{n}", "s", f"Page {n}", (), text, f"/p/{n}.md", 0, 0, ("everyone",)), 1.0 / n
        )
        for n, text in enumerate(texts, 1)
    )
    prompt = render(
        "answer", question=question, passages=passages, history=(), no_answer=NO_ANSWER, tools=False
    )
    return CompletionRequest(prompt, timeout=5.0)


class TestEveryModel:
    def test_answers_from_the_passages_and_cites_them(self, model: Model) -> None:
        completion = model.complete(asked("When is the coffee machine cleaned?", SENTENCE))
        assert SENTENCE in completion.text
        assert "[1]" in completion.text
        assert completion.stop is StopReason.END
        assert completion.tool_calls == ()
        assert completion.parsed is None

    def test_says_so_when_there_is_nothing_to_answer_from(self, model: Model) -> None:
        assert model.complete(asked("When is the coffee machine cleaned?")).text == NO_ANSWER

    def test_streams_pieces_that_make_up_the_text(self, model: Model) -> None:
        pieces: list[str] = []
        completion = model.complete(asked("When is the coffee machine cleaned?", SENTENCE), pieces.append)
        assert "".join(pieces) == completion.text
        assert all(pieces)

    def test_says_the_same_streamed_or_not(self, model: Model) -> None:
        request = asked("When is the coffee machine cleaned?", SENTENCE)
        assert model.complete(request, lambda _: None).text == model.complete(request).text

    def test_is_named_as_the_settings_name_it(self, model: Model) -> None:
        provider, _, model_id = model.name.partition(":")
        assert provider in MEMBERS
        assert (model_id == "") == (provider == EXTRACTIVE)

    def test_knows_what_it_can_do(self, model: Model) -> None:
        assert (model.capabilities.api == "none") == (model.name == EXTRACTIVE)
        assert model.capabilities.tools
        assert model.capabilities.json_schema == (model.name != EXTRACTIVE)
