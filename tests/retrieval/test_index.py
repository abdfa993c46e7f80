"""Syncs: whatever happens, the index equals the source."""

import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Document, Value
from core.errors import IndexMissing
from retrieval.index import Index, SyncProgress
from retrieval.loaders import Skipped
from retrieval.points import Filter, to_chunk
from retrieval.search import Query, Search
from retrieval.stores import Collection, Store
from retrieval.stores.embedded import EmbeddedStore
from retrieval.vectors import searchable
from tests.retrieval.conftest import ToyEmbedder

EVERYTHING = Filter()
LONG = "A sentence that fills the page with words. " * 70


def document(name: str, text: str = "Some words.", source: str = "s") -> Document:
    return Document(name, source, name.title(), text, f"/docs/{name}")


def content(store: Store) -> dict[str, dict[str, object]]:
    """All that a store holds, without vectors."""
    return {record.id: record.payload for record in store.scroll(EVERYTHING)}


def test_the_first_sync_takes_everything_and_the_second_nothing(
    embedded: EmbeddedStore, toy: ToyEmbedder
) -> None:
    index = Index(embedded, toy)
    documents = [document("a", LONG), document("b")]
    first = index.sync("s", [*documents, Skipped("c.bin", "it is binary")])
    assert (first.found, first.indexed, first.unchanged, first.deleted) == (3, 2, 0, 0)
    assert first.skipped == (Skipped("c.bin", "it is binary"),)
    assert first.chunks == embedded.count(EVERYTHING) > 3
    before, embedded_before = content(embedded), len(toy.embedded)
    second = index.sync("s", documents)
    assert (second.found, second.indexed, second.unchanged, second.deleted) == (2, 0, 2, 0)
    assert second.chunks == first.chunks
    assert content(embedded) == before
    assert len(toy.embedded) == embedded_before


def test_what_changed_is_replaced_and_what_is_gone_is_deleted(
    embedded: EmbeddedStore, toy: ToyEmbedder
) -> None:
    index = Index(embedded, toy)
    index.sync("s", [document("shrinks", LONG), document("goes"), document("stays")])
    coverage = index.sync("s", [document("shrinks", "Short now."), document("stays")])
    assert (coverage.indexed, coverage.unchanged, coverage.deleted) == (1, 1, 1)
    assert sorted(str(payload["text"]) for payload in content(embedded).values()) == [
        "Short now.",
        "Some words.",
    ]


@pytest.mark.parametrize(
    "change",
    [{"title": "New"}, {"link": "/new"}, {"readers": ("staff",)}, {"date": "2026-01-01"}, {"language": "de"}],
)
def test_a_change_beside_the_text_is_a_change(
    embedded: EmbeddedStore, toy: ToyEmbedder, change: dict[str, Any]
) -> None:
    index = Index(embedded, toy)
    index.sync("s", [document("a")])
    changed = replace(document("a"), **change)
    assert index.sync("s", [changed]).indexed == 1
    (payload,) = content(embedded).values()
    chunk = to_chunk("", payload)
    for field, value in change.items():
        assert getattr(chunk, field) == value


def test_a_document_without_text_or_with_a_taken_id_is_skipped(
    embedded: EmbeddedStore, toy: ToyEmbedder
) -> None:
    coverage = Index(embedded, toy).sync("s", [document("a"), document("a", "Other."), document("b", " \n")])
    assert coverage.indexed == 1
    assert [skipped.path for skipped in coverage.skipped] == ["a", "b"]


def test_sources_do_not_touch_each_other(embedded: EmbeddedStore, toy: ToyEmbedder) -> None:
    index = Index(embedded, toy)
    index.sync("one", [document("same", "First.", "one")])
    index.sync("two", [document("same", "Second.", "two")])
    assert index.sync("one", []).deleted == 1
    assert [payload["text"] for payload in content(embedded).values()] == ["Second."]
    index.remove("two")
    index.remove("never there")
    assert content(embedded) == {}


def test_removing_from_no_index_is_no_error(embedded: EmbeddedStore) -> None:
    Index(embedded, None).remove("s")
    assert embedded.collection() is None


def test_progress_is_told_for_each_document(embedded: EmbeddedStore, toy: ToyEmbedder) -> None:
    told: list[SyncProgress] = []
    Index(embedded, toy).sync("s", [document("a"), Skipped("b", "why"), document("c")], told.append)
    assert [(progress.found, progress.document) for progress in told] == [(1, "a"), (2, "b"), (3, "c")]
    assert told[-1].skipped == 1


def test_another_embedder_is_refused_until_the_index_is_empty(
    embedded: EmbeddedStore, toy: ToyEmbedder
) -> None:
    Index(embedded, toy).sync("s", [document("a")])
    other = Index(embedded, None)
    with pytest.raises(IndexMissing, match="CANDOR_EMBEDDER"):
        other.sync("s", [document("a")])
    assert embedded.count(EVERYTHING) == 1
    other.remove("s")
    assert other.sync("s", [document("a")]).indexed == 1
    assert embedded.collection() == Collection("none", 0)


def test_an_unreachable_source_deletes_nothing(embedded: EmbeddedStore, toy: ToyEmbedder) -> None:
    index = Index(embedded, toy)
    index.sync("s", [document("a"), document("b")])

    def breaks() -> Iterable[Document]:
        yield document("a")
        raise OSError("the share is gone")

    with pytest.raises(OSError, match="gone"):
        index.sync("s", breaks())
    assert embedded.count(EVERYTHING) == 2


def test_what_cannot_be_read_just_now_stays_and_what_can_never_be_goes(
    embedded: EmbeddedStore, toy: ToyEmbedder
) -> None:
    index = Index(embedded, toy)
    names = ("a/1", "a/2", "ab", "rows.csv#1", "rows.csv#2", "c", "d")
    index.sync("s", [document(name, LONG) for name in names])
    coverage = index.sync(
        "s",
        [
            Skipped("a", "the folder cannot be listed", keep=True),
            Skipped("rows.csv", "it takes too long", keep=True),
            Skipped("c", "it is empty"),
            Skipped("new", "it is empty"),
            Skipped("newer", "it takes too long", keep=True),
            document("d", LONG),
        ],
    )
    kept = {str(payload["document_id"]) for payload in content(embedded).values()}
    assert kept == {"a/1", "a/2", "rows.csv#1", "rows.csv#2", "d"}
    assert coverage.deleted == 2
    assert coverage.chunks == embedded.count(EVERYTHING)
    assert {item.path: item.reason for item in coverage.skipped} == {
        "a": "the folder cannot be listed; what was indexed of it before is kept",
        "rows.csv": "it takes too long; what was indexed of it before is kept",
        "c": "it is empty; what was indexed of it before goes",
        "new": "it is empty",
        "newer": "it takes too long",
    }


def test_fields_and_attribution_come_back_with_the_chunk(embedded: EmbeddedStore, toy: ToyEmbedder) -> None:
    fields: dict[str, Value] = {"rent": 812.5, "rooms": 3, "pets": True, "since": "2024-03-01"}
    row = replace(document("row"), fields=fields, attribution="Wikipedia, CC BY-SA 4.0")
    index = Index(embedded, toy)
    index.sync("s", [row])
    (payload,) = content(embedded).values()
    chunk = to_chunk("", payload)
    assert (chunk.fields, chunk.attribution) == (fields, row.attribution)
    assert index.sync("s", [replace(row, fields=fields | {"rent": 900.0})]).indexed == 1


def test_what_is_searched_is_title_headings_and_text(embedded: EmbeddedStore, toy: ToyEmbedder) -> None:
    Index(embedded, toy).sync("s", [document("guide", "# Guide\n\n## Setup\n\nRun it.")])
    (payload,) = content(embedded).values()
    chunk = to_chunk("", payload)
    assert searchable(chunk) == "Guide\n# Guide\n\n## Setup\n\nRun it."
    assert toy.embedded == [searchable(chunk)]


STATES = st.dictionaries(
    st.sampled_from("abcde"),
    st.sampled_from(["One.", "Two.", LONG, LONG + "End.", "# H\n\n" + LONG]),
    max_size=4,
)


@settings(max_examples=25, deadline=None)
@given(states=st.lists(STATES, min_size=1, max_size=5))
def test_any_order_of_changes_ends_like_a_fresh_index(
    lasting: EmbeddedStore, states: list[dict[str, str]]
) -> None:
    index = Index(lasting, ToyEmbedder())
    for source in ("changed", "fresh"):
        index.remove(source)
    for state in states:
        documents = [document(name, text, "changed") for name, text in state.items()]
        coverage = index.sync("changed", documents)
        assert coverage.indexed + coverage.unchanged == len(state)
    index.sync("fresh", [document(name, text, "fresh") for name, text in reversed(states[-1].items())])
    held: dict[object, list[dict[str, object]]] = {"changed": [], "fresh": []}
    for payload in content(lasting).values():
        held[payload.pop("source_id")].append(payload)
    for payloads in held.values():
        payloads.sort(key=lambda payload: (str(payload["document_id"]), str(payload["start"])))
    assert held["changed"] == held["fresh"]


# Syncs documents, and dies as kill -9 would, after so many upserts of at most 10 points.
DYING = """
import os, signal, sys
from pathlib import Path
from typing import Any
from core.documents import Document, Value
from retrieval import index
from retrieval.stores.embedded import EmbeddedStore

class Dying(EmbeddedStore):
    left = int(sys.argv[2])
    def upsert(self, points):
        super().upsert(points)
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

index.BATCH = 10
text = "A sentence that fills the page with words. " * 1000
documents = [Document(f"d{n}", "s", f"D{n}", sys.argv[3] + text, "l") for n in range(3)]
index.Index(Dying(Path(sys.argv[1])), None).sync("s", documents)
"""


def test_a_sync_that_was_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    text = "A sentence that fills the page with words. " * 1000
    fresh = EmbeddedStore(tmp_path / "fresh")
    Index(fresh, None).sync("s", [Document(f"d{n}", "s", f"D{n}", "New. " + text, "l") for n in range(3)])
    for upserts, old in ((2, "New. "), (6, "Old. ")):
        folder = tmp_path / f"killed{upserts}"
        command = [sys.executable, "-c", DYING, str(folder), str(upserts), old]
        died = subprocess.run(command, cwd=Path(__file__).parents[2], check=False)
        assert died.returncode == -signal.SIGKILL
        store = EmbeddedStore(folder)
        assert 0 < store.count(EVERYTHING) < fresh.count(EVERYTHING)
        Index(store, None).sync("s", [Document(f"d{n}", "s", f"D{n}", "New. " + text, "l") for n in range(3)])
        assert content(store) == content(fresh)
        assert Search(store, None).find(Query("sentence", ("everyone",)))
        store.close()
    fresh.close()
