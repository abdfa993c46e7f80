"""Filters and languages of a search, in each kind of store."""
# ruff: noqa: RUF001 - letters of other scripts are meant as they are

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from core.documents import Document
from retrieval.index import Index
from retrieval.points import DENSE, SPARSE
from retrieval.search import FieldRange, Query, Search
from retrieval.stores import Store
from retrieval.stores.embedded import EmbeddedStore
from tests.retrieval.conftest import ToyEmbedder

pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")

EVERYONE = ("everyone",)
FLATS = [
    Document(
        "a", "s", "Attic", "A flat with a view.", "l", fields={"rent": 800, "pets": True, "city": "Graz"}
    ),
    Document(
        "b", "s", "Barn", "A flat with a yard.", "l", fields={"rent": 900.5, "pets": False, "city": "Brno"}
    ),
    Document("c", "s", "Cabin", "A flat in the wood.", "l", date="2026-02-01", fields={"due": "2026-03-01"}),
    Document("d", "s", "Dome", "A flat in the dunes.", "l", date="2024-02-01", fields={"due": "2026-05-01"}),
]


class EnglishEmbedder(ToyEmbedder):
    languages = frozenset({"en"})


def found(search: Search, **values: Any) -> list[str]:
    passages = search.find(Query("flat", EVERYONE, **values))
    return sorted(passage.chunk.document_id for passage in passages)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"where": {"city": "Graz"}}, "a"),
        ({"where": {"pets": True}}, "a"),
        ({"where": {"pets": False}}, "b"),
        ({"where": {"rent": 800}}, "a"),
        ({"where": {"rent": 800.0}}, "a"),
        ({"where": {"rent": 900.5, "pets": True}}, ""),
        ({"ranges": (FieldRange("rent", most=850),)}, "a"),
        ({"ranges": (FieldRange("rent", 800, 1000),)}, "ab"),
        ({"ranges": (FieldRange("due", "2026-03-01", "2026-04-01"),)}, "c"),
        ({"since": "2026-01-01"}, "c"),
        ({"until": "2025-12-31"}, "d"),
        ({"since": "2024-02-01", "until": "2026-02-01"}, "cd"),
        ({}, "abcd"),
    ],
)
def test_only_what_fits_is_found(store: Store, values: dict[str, Any], expected: str) -> None:
    Index(store, None).sync("s", FLATS)
    assert found(Search(store, None), **values) == list(expected)


def test_a_reader_filter_holds_beside_the_others(embedded: EmbeddedStore) -> None:
    Index(embedded, None).sync("s", [replace(FLATS[0], readers=("board",)), FLATS[1]])
    ranges = (FieldRange("rent", least=1),)
    assert found(Search(embedded, None), ranges=ranges) == ["b"]


@pytest.mark.parametrize(("retrievers", "scores"), [((DENSE,), {DENSE}), ((SPARSE,), {SPARSE})])
def test_one_half_can_search_alone(
    embedded: EmbeddedStore, toy: ToyEmbedder, retrievers: tuple[str, ...], scores: set[str]
) -> None:
    Index(embedded, toy).sync("s", FLATS)
    passages = Search(embedded, toy).find(Query("flat", EVERYONE, retrievers=retrievers))
    assert {name for passage in passages for name in passage.scores} == scores


GERMAN = "Die Passwörter der Mitarbeiter werden jedes Jahr im Januar geändert."
ENGLISH = "The passwords of all employees are changed every year in January."


def languages(store: Store, documents: Sequence[Document], embedder: ToyEmbedder) -> Search:
    Index(store, embedder).sync("s", documents)
    return Search(store, embedder)


def test_an_embedder_takes_no_part_in_a_language_that_it_does_not_know(store: Store) -> None:
    embedder = EnglishEmbedder()
    documents = [
        Document("de", "s", "Sicherheit", GERMAN, "l", language="de"),
        Document("en", "s", "Safety", ENGLISH, "l", language="en"),
    ]
    search = languages(store, documents, embedder)
    assert len(embedder.embedded) == 1
    german = search.find(Query("Wann wird mein Passwort geändert?", EVERYONE, scored=True))
    assert [(each.chunk.document_id, set(each.scores)) for each in german] == [("de", {"sparse"})]
    english = search.find(Query("When are the passwords changed?", EVERYONE, scored=True))
    assert english[0].chunk.document_id == "en"
    assert set(english[0].scores) == {"dense", "sparse"}


def test_a_text_of_no_known_language_is_taken_for_the_usual_one_of_its_script(
    embedded: EmbeddedStore,
) -> None:
    search = languages(embedded, [Document("d", "s", "Printers", "Printers", "l")], EnglishEmbedder())
    assert set(search.find(Query("printer", EVERYONE, scored=True))[0].scores) == {"dense", "sparse"}


@pytest.mark.parametrize(
    ("language", "text", "query"),
    [
        ("th", "พนักงานทุกคนเปลี่ยนรหัสผ่านทุกปี", "รหัสผ่าน"),
        ("zh", "所有员工每年更改密码。", "密码"),
        ("fa", "همه‌ی كاركنان رمز خود را در سال ۱۴۰۳ تغییر می‌دهند.", "رمز کارکنان 1403"),
        ("hi", "सभी कर्मचारी हर साल पासवर्ड बदलते हैं।", "पासवर्ड"),
        ("ru", "Все сотрудники меняют пароли каждый год.", "пароль сотрудника"),
    ],
)
def test_the_right_document_of_each_script_is_found(
    embedded: EmbeddedStore, language: str, text: str, query: str
) -> None:
    documents = [
        Document("right", "s", "", text, "l", language=language),
        Document("other", "s", "", GERMAN, "l", language="de"),
    ]
    passages = languages(embedded, documents, EnglishEmbedder()).find(Query(query, EVERYONE))
    assert [passage.chunk.document_id for passage in passages] == ["right"]
