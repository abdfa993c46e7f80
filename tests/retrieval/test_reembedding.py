"""The index made anew for another embedder: beside the old one, whole, and whatever happens on the way."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from core.documents import Document
from core.errors import IndexMissing
from retrieval.index import Index
from retrieval.points import Filter
from retrieval.reembedding import Reembedded, Reembedding
from retrieval.search import Query, Search, made_for
from retrieval.stores import Store
from retrieval.stores.embedded import EmbeddedStore
from tests.retrieval.conftest import ToyEmbedder

EVERYTHING = Filter()

# Re-embeds the index in a folder; from its second batch on, the embedder says so and waits for a line.
PROCESS = """
import sys
from pathlib import Path
from retrieval.reembedding import Reembedding
from retrieval.stores.embedded import EmbeddedStore
from tests.retrieval.test_reembedding import Other

class Waiting(Other):
    def embed_documents(self, texts):
        if self.embedded:
            print("ready", flush=True)
            sys.stdin.readline()
        return super().embed_documents(texts)

Reembedding(EmbeddedStore(Path(sys.argv[1])), Waiting()).run(lambda done, total: None)
"""


class Other(ToyEmbedder):
    """Another embedder: other vectors, of another length."""

    name = "toy:other"
    dimensions = 24

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().embed_documents(texts)[:, ::-1]

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().embed_queries(texts)[:, ::-1]


def documents(count: int, source: str = "docs") -> list[Document]:
    return [
        Document(f"{n}.md", source, f"Page {n}", f"# Page {n}\n\nThe word of page {n} is w{n}.", f"/{n}.md")
        for n in range(count)
    ]


@pytest.fixture
def filled(store: Store, toy: ToyEmbedder) -> Store:
    Index(store, toy).sync("docs", documents(40))
    return store


@pytest.mark.filterwarnings("ignore:Payload indexes have no effect")
class TestReembedding:
    def test_every_chunk_is_found_by_the_new_embedder_and_no_source_is_read(self, filled: Store) -> None:
        with pytest.raises(IndexMissing, match="candor index reembed"):
            Search(filled, Other()).find(Query("w7", ("everyone",)))
        seen: list[tuple[int, int]] = []
        done = Reembedding(filled, Other()).run(lambda *progress: seen.append(progress))
        assert done == Reembedded(chunks=40, embedded=40)
        assert seen[-1] == (40, 40)
        passages = Search(filled, Other()).find(Query("the word w7", ("everyone",), limit=3, scored=True))
        assert passages[0].chunk.document_id == "7.md"
        assert passages[0].scores["dense"] > 0

    def test_the_next_sync_embeds_nothing_again(self, filled: Store) -> None:
        Reembedding(filled, Other()).run(lambda *_: None)
        other = Other()
        coverage = Index(filled, other).sync("docs", documents(40))
        assert (coverage.unchanged, coverage.indexed) == (40, 0)
        assert other.embedded == []

    def test_with_the_same_embedder_there_is_nothing_to_do(self, filled: Store, toy: ToyEmbedder) -> None:
        before = len(toy.embedded)
        assert not Reembedding(filled, toy).needed
        assert Reembedding(filled, toy).run(lambda *_: None) == Reembedded(40, 0)
        assert len(toy.embedded) == before

    def test_dense_search_can_be_given_up_and_taken_up_again(self, filled: Store, toy: ToyEmbedder) -> None:
        Reembedding(filled, None).run(lambda *_: None)
        (best,) = Search(filled, None).find(Query("w3", ("everyone",), limit=1))
        assert best.scores.keys() == {"sparse"}
        Reembedding(filled, toy).run(lambda *_: None)
        (best,) = Search(filled, toy).find(Query("w3", ("everyone",), limit=1, scored=True))
        assert "dense" in best.scores

    def test_without_an_index_it_says_so(self, store: Store) -> None:
        with pytest.raises(IndexMissing, match="candor ingest"):
            Reembedding(store, Other()).run(lambda *_: None)

    def test_what_is_synced_meanwhile_is_in_the_new_index_too(self, filled: Store, toy: ToyEmbedder) -> None:
        changed = [*documents(39), Document("new.md", "docs", "New", "Brand new w777.", "/new.md")]
        changed[5] = Document("5.md", "docs", "Page 5", "Another text: w555.", "/5.md")
        synced: list[bool] = []

        def once(_done: int, _total: int) -> None:
            if not synced:
                synced.append(True)
                Index(filled, toy).sync("docs", changed)

        assert Reembedding(filled, Other()).run(once).chunks == 40
        texts = {record.payload["text"] for record in filled.scroll(EVERYTHING, ("text",))}
        assert {"Brand new w777.", "Another text: w555."} <= texts
        assert not any("w39." in text or "w5." in text for text in texts)

    def test_what_comes_in_before_the_last_look_is_in_the_new_index_too(
        self, filled: Store, toy: ToyEmbedder
    ) -> None:
        steps: list[str] = []

        @contextmanager
        def quiet() -> Iterator[None]:
            Index(filled, toy).sync(
                "docs", [*documents(40), Document("new.md", "docs", "New", "w777.", "/n")]
            )
            steps.append("quiet")
            yield
            steps.append("over")
            assert filled.collection() == made_for(Other())

        done = Reembedding(filled, Other()).run(lambda *_: None, quiet)
        assert steps == ["quiet", "over"]
        assert done == Reembedded(chunks=41, embedded=41)
        (best, *_) = Search(filled, Other()).find(Query("w777", ("everyone",)))
        assert best.chunk.document_id == "new.md"

    def test_two_sources_with_equal_names_are_kept_apart(self, filled: Store, toy: ToyEmbedder) -> None:
        Index(filled, toy).sync("others", documents(3, "others"))
        assert Reembedding(filled, Other()).run(lambda *_: None).chunks == 43


def test_killed_half_way_the_old_index_is_there_and_the_next_run_goes_on(tmp_path: Path) -> None:
    toy = ToyEmbedder()
    store = EmbeddedStore(tmp_path)
    Index(store, toy).sync("docs", documents(600))
    store.close()
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    store = EmbeddedStore(tmp_path)
    assert store.collection() == made_for(toy)
    assert store.count(EVERYTHING) == 600
    done = Reembedding(store, Other()).run(lambda *_: None)
    assert done == Reembedded(chunks=600, embedded=600 - 256)
    assert store.collection() == made_for(Other())
    assert len([folder for folder in tmp_path.iterdir() if folder.is_dir()]) == 1
    store.close()
