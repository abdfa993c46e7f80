"""Which model plays which role."""

import pytest

from core.completions import ModelRole
from core.errors import Misconfigured
from tests.servers.openai_server import OpenAIServer
from tests.workers.models.conftest import asking
from workers.models import ModelSettings, open_models


def test_only_the_roles_that_are_set_have_a_model(
    monkeypatch: pytest.MonkeyPatch, openai_server: OpenAIServer
) -> None:
    monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", openai_server.base_url)
    monkeypatch.setenv("CANDOR_MODEL_STRONG", "openai:scripted")
    monkeypatch.setenv("CANDOR_MODEL_JUDGE", "openai:qwen3:8b")
    models = open_models(ModelSettings(), None)
    assert {role: model.name for role, model in models.by_role.items()} == {
        ModelRole.STRONG: "openai:scripted",
        ModelRole.JUDGE: "openai:qwen3:8b",
    }


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("CANDOR_MODEL_STRONG", "openai"),
        ("CANDOR_MODEL_STRONG", "openai:"),
        ("CANDOR_MODEL_SMALL", "extractive:big"),
        ("CANDOR_MODEL_SMALL", ":scripted"),
        ("CANDOR_MODEL_JUDGE", "nobody:scripted"),
        ("CANDOR_MODEL_JUDGE", "_prices:scripted"),
    ],
)
def test_a_value_that_names_no_model_is_refused(
    monkeypatch: pytest.MonkeyPatch, openai_server: OpenAIServer, setting: str, value: str
) -> None:
    monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", openai_server.base_url)
    monkeypatch.setenv("CANDOR_MODEL_STRONG", "openai:scripted")
    monkeypatch.setenv(setting, value)
    with pytest.raises(Misconfigured, match=f"^{setting}: "):
        open_models(ModelSettings(), None)


@pytest.mark.parametrize("provider", ["openai", "cohere"])
def test_the_vendors_own_server_needs_a_key(provider: str) -> None:
    with pytest.raises(Misconfigured, match=f"^CANDOR_{provider.upper()}_API_KEY: "):
        open_models(ModelSettings(model_strong=f"{provider}:scripted"), None)


@pytest.mark.parametrize("provider", ["openai", "cohere"])
def test_a_base_url_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    monkeypatch.setenv(f"CANDOR_{provider.upper()}_BASE_URL", "localhost:8000")
    with pytest.raises(Misconfigured, match=f"^CANDOR_{provider.upper()}_BASE_URL: .*http://"):
        open_models(ModelSettings(model_strong=f"{provider}:scripted"), None)


def test_a_server_of_ones_own_speaks_chat_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, openai_server: OpenAIServer
) -> None:
    monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", openai_server.base_url)
    settings = ModelSettings(model_strong="openai:scripted")
    assert open_models(settings, None)[ModelRole.STRONG].capabilities.api == "chat"
    monkeypatch.setenv("CANDOR_OPENAI_API", "responses")
    assert open_models(settings, None)[ModelRole.STRONG].capabilities.api == "responses"
    monkeypatch.delenv("CANDOR_OPENAI_BASE_URL")
    monkeypatch.setenv("CANDOR_OPENAI_API", "")
    monkeypatch.setenv("CANDOR_OPENAI_API_KEY", "set")
    assert open_models(settings, None)[ModelRole.STRONG].capabilities.api == "responses"


def test_a_server_that_needs_no_key_gets_by_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with OpenAIServer() as server:
        monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", server.base_url)
        model = open_models(ModelSettings(model_strong="openai:scripted"), None)[ModelRole.STRONG]
        assert model.complete(asking()).text == "How warm is it?"


def test_the_sdks_own_environment_variables_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BASE_URL", "API_KEY", "ORG_ID", "PROJECT_ID"):
        monkeypatch.setenv(f"OPENAI_{name}", "http://127.0.0.1:9/v1")
    with OpenAIServer() as server:
        monkeypatch.setenv("CANDOR_OPENAI_BASE_URL", server.base_url)
        open_models(ModelSettings(model_strong="openai:scripted"), None)[ModelRole.STRONG].complete(asking())
        headers = server.requests[0].headers
    assert headers["authorization"] == "Bearer none"
    assert not any(name.startswith(("openai-org", "openai-proj")) for name in headers)
