"""Models of each vendor, each on a scripted server of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.completions import CompletionRequest, Message, Model, Prompt
from tests.servers.cohere_server import CohereServer
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripted_http import ScriptedServer
from workers.models import ModelSettings, open_models

KEY = "sk-scripted-0123456789abcdef"
PROMPT = Prompt("test", "1", (Message("system", "Be brief."), Message("user", "How warm is it?")), {})


class Hosted:
    """A model, and the scripted server that it talks to. `api` is its capability's word."""

    def __init__(self, api: str, server: ScriptedServer, model: Model) -> None:
        self.api = api
        self.server = server
        self.model = model


def asking(**fields: object) -> CompletionRequest:
    """A request that is answered soon or given up soon."""
    return CompletionRequest(PROMPT, **{"timeout": 20.0, **fields})  # type: ignore[arg-type]


def opened(monkeypatch: pytest.MonkeyPatch, api: str, server: ScriptedServer) -> Model:
    """The model on this server, by settings alone."""
    provider = "cohere" if api == "cohere" else "openai"
    monkeypatch.setenv("CANDOR_OPENAI_API", "" if api == "cohere" else api)
    monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", f"{server.url}/v1")
    monkeypatch.setenv("CANDOR_COHERE_BASE_URL", server.url)
    monkeypatch.setenv("CANDOR_OPENAI_API_KEY", KEY)
    monkeypatch.setenv("CANDOR_COHERE_API_KEY", KEY)
    (model,) = open_models(ModelSettings(model_strong=f"{provider}:scripted"), None).by_role.values()
    return model


@pytest.fixture(autouse=True)
def _no_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["chat", "responses", "cohere"])
def hosted(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    api: str = request.param
    with CohereServer(key=KEY) if api == "cohere" else OpenAIServer(key=KEY) as server:
        yield Hosted(api, server, opened(monkeypatch, api, server))


@pytest.fixture
def openai_server() -> Iterator[OpenAIServer]:
    with OpenAIServer(key=KEY) as server:
        yield server


@pytest.fixture
def cohere_server() -> Iterator[CohereServer]:
    with CohereServer(key=KEY) as server:
        yield server
