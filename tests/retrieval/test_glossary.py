"""The team glossary spells out and abbreviates."""

from pathlib import Path

import pytest

from core.documents import Document
from core.errors import Misconfigured
from core.settings import HomeSettings
from retrieval.glossary import Glossary, GlossarySettings, open_glossary
from retrieval.index import Index
from retrieval.search import Query, Search
from retrieval.stores.embedded import EmbeddedStore

GLOSSARY = Glossary({"PTO": ("paid time off",), "SSO": ("single sign-on", "Statistics Office")})


def written(home: Path, text: str) -> HomeSettings:
    (home / "glossary.yaml").write_text(text, encoding="utf-8")
    return HomeSettings(home=home)


@pytest.mark.parametrize(
    ("query", "expanded"),
    [
        ("How much PTO do I get?", "How much PTO do I get? paid time off"),
        ("how much pto", "how much pto paid time off"),
        ("Paid  time off policy", "Paid  time off policy PTO"),
        ("SSO login", "SSO login single sign-on Statistics Office"),
        ("PTO means paid time off", "PTO means paid time off"),
        ("photo of PTOs", "photo of PTOs"),
        ("", ""),
    ],
)
def test_a_query_gets_the_other_forms_behind_it(query: str, expanded: str) -> None:
    assert GLOSSARY.expanded(query) == expanded


def test_an_empty_glossary_changes_nothing() -> None:
    assert Glossary().expanded("How much PTO?") == "How much PTO?"


def test_the_file_in_the_home_is_read(tmp_path: Path) -> None:
    home = written(tmp_path, "PTO: paid time off\nSSO: [single sign-on, Statistics Office]\n")
    assert open_glossary(GlossarySettings(), home).expanded("PTO") == "PTO paid time off"
    assert open_glossary(GlossarySettings(), HomeSettings(home=tmp_path / "none")).expanded("PTO") == "PTO"
    assert open_glossary(GlossarySettings(), written(tmp_path, "")).expanded("PTO") == "PTO"


def test_the_setting_names_another_file(tmp_path: Path) -> None:
    written(tmp_path, "HQ: head office\n")
    settings = GlossarySettings(glossary=str(tmp_path / "glossary.yaml"))
    assert open_glossary(settings, HomeSettings(home=tmp_path / "home")).expanded("HQ") == "HQ head office"


@pytest.mark.parametrize("text", ["- a\n- b\n", "PTO: 3\n", "PTO:\n", "PTO: [a, 1]\n", "a: [\n", "'': x\n"])
def test_a_wrong_file_is_named(tmp_path: Path, text: str) -> None:
    with pytest.raises(Misconfigured, match=r"CANDOR_GLOSSARY: .*glossary\.yaml"):
        open_glossary(GlossarySettings(), written(tmp_path, text))


def test_a_missing_file_that_was_named_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"CANDOR_GLOSSARY: cannot read .*nowhere"):
        open_glossary(GlossarySettings(glossary=str(tmp_path / "nowhere")), HomeSettings(home=tmp_path))


def test_search_finds_what_only_the_glossary_connects(embedded: EmbeddedStore) -> None:
    Index(embedded, None).sync("s", [Document("d", "s", "Leave", "Paid time off is 25 days.", "l")])
    asked = Query("PTO", ("everyone",))
    assert Search(embedded, None).find(asked) == []
    assert [found.chunk.document_id for found in Search(embedded, None, GLOSSARY).find(asked)] == ["d"]
