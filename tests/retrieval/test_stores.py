"""One contract for every store: the embedded engine, the same over HTTP, and the client in memory."""

import threading
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import IndexMissing
from retrieval.points import Condition, Filter, Point, Sparse
from retrieval.stores import Collection, Lookup, Store, slot
from retrieval.stores.embedded import NAME, EmbeddedStore
from retrieval.stores.server import ServerStore
from tests.retrieval.conftest import LockedClient

PLANE = Collection("toy:plane", 2)
EVERYTHING = Filter()


def point(
    number: int, dense: Sequence[float] | None = (1.0, 0.0), tokens: Sequence[int] = (1,), **payload: Any
) -> Point:
    defaults = {"readers": ["all"], "source_id": "s", "document_id": "d", "position": number}
    sparse = Sparse(list(tokens), [1.0] * len(tokens))
    return Point(str(uuid.UUID(int=number)), dense, sparse, defaults | payload)


def numbers(hits: Sequence[Any]) -> list[int]:
    return [uuid.UUID(hit.id).int for hit in hits]


def where(field: str, *values: Any) -> Filter:
    return Filter((Condition(field, values),))


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect")
class TestStore:
    def test_without_a_collection_it_says_that_the_index_is_missing(self, store: Store) -> None:
        assert store.collection() is None
        for call in (
            lambda: store.count(EVERYTHING),
            lambda: list(store.scroll(EVERYTHING)),
            lambda: store.upsert([point(1)]),
            lambda: store.delete(EVERYTHING),
            lambda: store.search(Lookup([1.0, 0.0], None, EVERYTHING, 1)),
        ):
            with pytest.raises(IndexMissing, match="candor ingest"):
                call()

    @pytest.mark.parametrize("collection", [PLANE, Collection("none", 0)])
    def test_a_collection_remembers_its_embedder(self, store: Store, collection: Collection) -> None:
        store.create(collection)
        assert store.collection() == collection

    def test_creating_twice_keeps_the_points(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(1)])
        store.create(PLANE)
        assert store.count(EVERYTHING) == 1

    def test_dropping_removes_everything_and_may_be_repeated(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(1)])
        store.drop()
        store.drop()
        assert store.collection() is None
        store.create(Collection("other", 3))
        assert store.collection() == Collection("other", 3)
        assert store.count(EVERYTHING) == 0

    def test_a_point_with_the_same_id_is_replaced(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(1, text="old")])
        store.upsert([point(1, text="new"), point(2, text="other")])
        assert {record.payload["text"] for record in store.scroll(EVERYTHING)} == {"new", "other"}

    def test_filters_count_what_they_say(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(1, readers=["a", "b"]), point(2, readers=["b"]), point(3, readers=[])])
        assert store.count(where("readers", "a")) == 1
        assert store.count(where("readers", "a", "b")) == 2
        assert store.count(where("readers")) == 0
        assert store.count(where("position", 2, 3)) == 2
        assert store.count(Filter((Condition("readers", ("b",)),), (Condition("position", (1,)),))) == 1
        assert store.count(Filter((), (Condition("readers", ("a",)),))) == 2

    def test_an_empty_condition_that_must_hold_deletes_nothing(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(1)])
        store.delete(where("document_id"))
        assert store.count(EVERYTHING) == 1

    def test_deleting_removes_what_matches_alone(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(n, fingerprint="new" if n == 2 else "old") for n in range(4)])
        store.delete(Filter((Condition("document_id", ("d",)),), (Condition("fingerprint", ("new",)),)))
        assert numbers(list(store.scroll(EVERYTHING))) == [2]

    def test_scrolling_meets_every_point_once_and_gives_the_fields_asked_for(self, store: Store) -> None:
        store.create(Collection("none", 0))
        for start in range(0, 1200, 200):
            store.upsert([point(n, dense=None) for n in range(start, start + 200)])
        records = list(store.scroll(EVERYTHING, ("position",)))
        assert sorted(record.payload["position"] for record in records) == list(range(1200))
        assert all(record.payload.keys() == {"position"} for record in records)

    def test_both_retrievers_rank_and_their_scores_are_reported(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert(
            [point(1, (1, 0), [7]), point(2, (0.8, 0.6), [8]), point(3, (0, 1), [7]), point(4, (0, 1), [9])]
        )
        lookup = Lookup([1.0, 0.0], Sparse([7], [1.0]), EVERYTHING, 10, scored=True)
        hits = store.search(lookup)
        assert [hit.id for hit in store.search(replace(lookup, scored=False))] == [hit.id for hit in hits]
        assert numbers(hits)[0] == 1
        assert hits == sorted(hits, key=lambda hit: -hit.score)
        scores = {number: hit.scores for number, hit in zip(numbers(hits), hits, strict=True)}
        assert scores[1]["dense"] == pytest.approx(1, abs=1e-4)
        assert scores[2]["dense"] == pytest.approx(0.8, abs=1e-4)
        assert scores[3]["sparse"] == pytest.approx(scores[1]["sparse"])
        assert scores[3]["sparse"] > 0
        assert "sparse" not in scores[2]

    def test_one_retriever_ranks_by_itself(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(1, (1, 0), [7]), point(2, (0.8, 0.6), [7, 8]), point(3, (0, 1), [9])])
        dense = store.search(Lookup([0.0, 1.0], None, EVERYTHING, 2))
        assert numbers(dense) == [3, 2]
        sparse = store.search(Lookup(None, Sparse([8], [1.0]), EVERYTHING, 10))
        assert numbers(sparse) == [2]
        assert sparse[0].score == pytest.approx(sparse[0].scores["sparse"])
        assert store.search(Lookup(None, Sparse([], []), EVERYTHING, 10)) == []

    def test_the_filter_holds_for_both_retrievers(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(n, (1, 0), [7], readers=["x" if n % 5 else "y"]) for n in range(20)])
        hits = store.search(Lookup([1.0, 0.0], Sparse([7], [1.0]), where("readers", "y"), 30))
        assert sorted(numbers(hits)) == [0, 5, 10, 15]
        assert store.search(Lookup([1.0, 0.0], Sparse([7], [1.0]), where("readers"), 30)) == []

    def test_a_collection_is_built_beside_and_then_takes_the_place_of_the_other(self, store: Store) -> None:
        store.create(PLANE)
        store.upsert([point(1), point(2, (0.0, 1.0))])
        other = Collection("toy:space", 3)
        beside = store.beside(other)
        beside.upsert([point(1, (1, 0, 0)), point(2, (0, 1, 0)), point(3, (0, 0, 1))])
        assert beside.collection() == other
        assert (store.collection(), store.count(EVERYTHING)) == (PLANE, 2)
        assert numbers(store.search(Lookup([1.0, 0.0], None, EVERYTHING, 1))) == [1]
        store.switch(other)
        assert (store.collection(), store.count(EVERYTHING)) == (other, 3)
        assert numbers(store.search(Lookup([0.0, 0.0, 1.0], None, EVERYTHING, 1))) == [3]

    def test_what_was_built_beside_is_there_again_for_the_next_to_build(self, store: Store) -> None:
        store.create(PLANE)
        other = Collection("toy:space", 3)
        store.beside(other).upsert([point(1, (1, 0, 0))])
        assert store.beside(other).count(EVERYTHING) == 1

    def test_switching_back_and_forth_leaves_nothing_behind(self, store: Store) -> None:
        store.create(PLANE)
        other = Collection("toy:space", 3)
        for wanted in (other, PLANE, other):
            assert store.beside(wanted).count(EVERYTHING) == 0
            store.switch(wanted)
            assert store.collection() == wanted

    def test_eight_threads_read_and_write_at_once(self, store: Store) -> None:
        store.create(PLANE)
        failures: list[Exception] = []

        def work(thread: int) -> None:
            try:
                for turn in range(10):
                    store.upsert([point(thread * 100 + turn, text=str(thread))])
                    hits = store.search(Lookup([1.0, 0.0], Sparse([1], [1.0]), EVERYTHING, 5))
                    assert all(hit.payload["text"] for hit in hits)
            except Exception as error:  # noqa: BLE001 whatever it is, the test shows it
                failures.append(error)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        assert store.count(EVERYTHING) == 80


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect")
def test_the_engine_ranks_as_the_reference_does(embedded: EmbeddedStore) -> None:
    memory: Any = LockedClient()
    reference = ServerStore(memory, "reference", "CANDOR_QDRANT_URL")
    random = np.random.default_rng(7)
    collection = Collection("toy", 8)
    points = [
        point(
            n,
            random.normal(size=8).tolist(),
            random.choice(40, size=6, replace=False).tolist(),
            readers=[str(n % 3)],
        )
        for n in range(300)
    ]
    for store in (embedded, reference):
        store.create(collection)
        store.upsert(points[:150])
        store.upsert(points[150:])
    for _ in range(20):
        lookup = Lookup(
            random.normal(size=8).tolist(),
            Sparse(random.choice(40, size=3, replace=False).tolist(), [1.0] * 3),
            where("readers", "0", "2"),
            10,
            scored=True,
        )
        ours, theirs = embedded.search(lookup), reference.search(lookup)
        assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-4)
        for hit, other in zip(ours, theirs, strict=True):
            if hit.id == other.id:  # equal scores may stand in another order
                assert dict(hit.scores) == pytest.approx(dict(other.scores), abs=1e-4)


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect")
def test_a_process_that_was_told_of_the_old_collection_does_not_search_the_new_one() -> None:
    memory: Any = LockedClient()
    ours, theirs = (ServerStore(memory, "shared", "CANDOR_QDRANT_URL") for _ in range(2))
    ours.create(PLANE)
    ours.upsert([point(1)])
    assert ours.collection() == PLANE
    other = Collection("toy:other plane", 2)
    theirs.beside(other).upsert([point(1), point(2)])
    theirs.switch(other)
    for call in (
        lambda: ours.search(Lookup([1.0, 0.0], None, EVERYTHING, 1)),
        lambda: ours.upsert([point(3)]),
        lambda: ours.count(EVERYTHING),
    ):
        with pytest.raises(IndexMissing, match="made anew with another embedder"):
            call()
    assert ours.collection() == other
    assert ours.count(EVERYTHING) == 2


def test_an_embedded_index_that_was_replaced_is_not_searched_with_old_vectors(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.create(PLANE)
    assert store.collection() == PLANE
    other = Collection("toy:other plane", 2)
    store.beside(other).upsert([point(1)])
    old = store.current
    store.point_to(slot(NAME, other))
    store.shard(old).drop()
    with pytest.raises(IndexMissing, match="made anew with another embedder"):
        store.search(Lookup([1.0, 0.0], None, EVERYTHING, 1))
    store.close()


def test_an_unfinished_collection_for_yet_another_embedder_is_removed(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.create(PLANE)
    store.beside(Collection("toy:space", 3))
    store.beside(Collection("toy:line", 1))
    assert len([folder for folder in tmp_path.iterdir() if folder.is_dir()]) == 2
    store.close()


def test_an_optimized_index_finds_the_same(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.create(PLANE)
    store.upsert([point(number, (1, number / 100), [number % 7]) for number in range(200)])
    lookup = Lookup([1.0, 0.5], Sparse([3], [1.0]), EVERYTHING, 20)
    before = store.search(lookup)
    store.optimize()
    assert [hit.score for hit in store.search(lookup)] == pytest.approx([hit.score for hit in before])
    store.close()


def test_an_index_is_there_again_after_closing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.create(PLANE)
    store.upsert([point(1), point(2)])
    store.close()
    again = EmbeddedStore(tmp_path)
    assert again.collection() == PLANE
    assert again.count(EVERYTHING) == 2
    again.close()
