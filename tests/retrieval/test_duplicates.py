"""Near-duplicates: indexed once and named, whatever was there first."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Document
from retrieval.duplicates import Duplicates
from retrieval.index import Index
from retrieval.loaders import Skipped
from retrieval.sources import read_source
from retrieval.stores.embedded import EmbeddedStore
from tests.retrieval.conftest import ToyEmbedder

WORDS = (
    "the caretaker of house {n} keeps all keys in a small box beside the door of the cellar and gives one to "
    "everybody who signs the book that lies on top of it while those who live in the attic have a key of "
    "their own since the bell up there cannot be heard when the door of the stairs is closed at night"
)


def text(house: str = "north") -> str:
    """About 230 words, of which all runs differ."""
    return " ".join(
        word + end for end in ("", "s", "ly", "ing") for word in WORDS.replace("{n}", house).split()
    )


def document(name: str, words: str, **changes: Any) -> Document:
    return replace(Document(name, "s", name, words, f"/docs/{name}"), **changes)


def left_out(documents: Sequence[Document]) -> dict[str, str]:
    found = Duplicates().without(documents)
    return {item.path: item.reason for item in found if isinstance(item, Skipped)}


def test_a_copy_with_a_word_changed_is_left_out_and_named() -> None:
    copy = text().replace(" small ", " large ")
    assert left_out(
        [document("a.txt", text()), document("b.txt", copy), document("c.txt", text().upper())]
    ) == {
        "b.txt": "near-duplicate of a.txt",
        "c.txt": "near-duplicate of a.txt",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"text": text() + " Since 2024."},
        {"text": text().replace("keys", "papers").replace("door", "gate").replace("box", "tin")},
        {"readers": ("staff",)},
        {"date": "2025-01-01"},
        {"title": "South"},
        {"fields": {"house": "North"}},
    ],
    ids=["figures", "words", "readers", "date", "title", "record"],
)
def test_what_differs_in_something_that_counts_stays(change: dict[str, Any]) -> None:
    first = document("a.txt", text(), title="North")
    assert left_out([first, replace(first, id="b.txt", **change)]) == {}


def test_short_documents_are_never_duplicates() -> None:
    assert left_out([document("a.txt", "To do."), document("b.txt", "To do.")]) == {}


def test_a_copy_of_a_copy_stands_for_the_original_alone() -> None:
    names = [document(name, text()) for name in "abc"]
    assert set(left_out(names).values()) == {"near-duplicate of a"}
    assert left_out(names[1:]) == {"c": "near-duplicate of b"}


FILES = st.dictionaries(st.sampled_from(["a.txt", "b.md", "c/d.txt", "e.txt"]), st.sampled_from([0, 1, 2, 3]))


@settings(max_examples=25, deadline=None)
@given(states=st.lists(FILES, min_size=1, max_size=4))
def test_after_any_changes_the_same_documents_are_left_out_as_in_a_fresh_index(
    lasting: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, int]]
) -> None:
    kinds = [
        text(),
        text().replace(" small ", " large "),
        text().replace(" attic ", " loft "),
        "Other words. " * 30,
    ]
    root = tmp_path_factory.mktemp("docs")
    index = Index(lasting, ToyEmbedder())
    for source in ("changed", "fresh"):
        index.remove(source)

    def sync(source: str) -> tuple[int, list[str]]:
        coverage = index.sync(source, Duplicates().without(read_source(root, source)))
        return coverage.chunks, [f"{item.path}: {item.reason.partition(';')[0]}" for item in coverage.skipped]

    for state in states:
        for path in root.rglob("*.*"):
            path.unlink()
        for name, kind in state.items():
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text(kinds[kind])
        changed = sync("changed")
    assert changed == sync("changed") == sync("fresh")


def test_when_the_one_that_stood_for_it_is_gone_the_other_comes_in(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "index")
    index = Index(store, None)
    docs = tmp_path / "docs"
    docs.mkdir()
    for name in ("a.txt", "b.txt"):
        (docs / name).write_text(text())
    first = index.sync("s", Duplicates().without(read_source(docs, "s")))
    assert (first.found, first.indexed) == (2, 1)
    assert [str(item.reason) for item in first.skipped] == ["near-duplicate of a.txt"]
    (docs / "a.txt").unlink()
    second = index.sync("s", Duplicates().without(read_source(docs, "s")))
    assert (second.indexed, second.deleted, second.skipped) == (1, 1, ())
    store.close()
