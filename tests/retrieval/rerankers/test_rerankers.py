"""Which reranker is used."""

import pytest

from core.errors import Misconfigured
from retrieval.rerankers import Choice, RerankerSettings, choose


@pytest.mark.parametrize(
    ("setting", "cohere_key", "small_model", "expected"),
    [
        ("", False, "", Choice("none", "", "neither CANDOR_COHERE_API_KEY nor CANDOR_MODEL_SMALL is set")),
        ("", False, "openai:small", Choice("listwise", "openai:small", "CANDOR_MODEL_SMALL is set")),
        ("", True, "openai:small", Choice("cohere", "", "CANDOR_COHERE_API_KEY is set")),
        ("none", True, "openai:small", Choice("none", "", "CANDOR_RERANKER")),
        ("cohere:model", False, "", Choice("cohere", "model", "CANDOR_RERANKER")),
        ("cohere", True, "", Choice("cohere", "", "CANDOR_RERANKER")),
        ("listwise", True, "openai:small", Choice("listwise", "openai:small", "CANDOR_RERANKER")),
        ("openai:big", True, "openai:small", Choice("listwise", "openai:big", "CANDOR_RERANKER")),
    ],
)
def test_the_setting_decides_and_without_one_what_is_set_up(
    setting: str, cohere_key: bool, small_model: str, expected: Choice
) -> None:
    settings = RerankerSettings(reranker=setting)
    assert choose(settings, cohere_key=cohere_key, small_model=small_model) == expected


@pytest.mark.parametrize("setting", ["best", "openai:", ":", "none:at-all"])
def test_what_is_no_reranker_is_named(setting: str) -> None:
    if setting == "none:at-all":  # a language model of a vendor named none: refused when it is opened
        assert choose(RerankerSettings(reranker=setting), cohere_key=False, small_model="").kind == "listwise"
        return
    with pytest.raises(Misconfigured, match="CANDOR_RERANKER: "):
        choose(RerankerSettings(reranker=setting), cohere_key=False, small_model="")
