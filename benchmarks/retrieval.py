"""How fast retrieval is: `python -m benchmarks.retrieval [--chunks 1000 10000]` prints a Markdown table.

Chunks are synthetic: 100 words drawn from 5,000 by Zipf's law, random unit vectors of 384 numbers, five
reader groups of which the audience has two. Search is hybrid with the reader filter, 30 passages, without
the query's embedding, which is measured by itself, on texts of about a chunk's size. `bare engine` is the one
call of Qdrant's engine that such a search consists of. It takes turns with the search, so that the difference
is Candor's own share. `served` is the same index in another process.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as edge
from numpy.typing import NDArray

from core.documents import Document
from core.settings import HomeSettings
from retrieval.embedders import EmbedderSettings, open_embedder
from retrieval.index import Index
from retrieval.points import DENSE, SPARSE
from retrieval.search import Query, Search
from retrieval.sparse import Keywords
from retrieval.stores import PREFETCH, Store
from retrieval.stores.embedded import EmbeddedStore
from retrieval.stores.shared import SharedStore

VOCABULARY = 5000
WORDS = 100
QUERIES = 200
GROUPS = ("staff", "board", "sales", "legal", "support")
AUDIENCE = ("staff", "board")

OWNER = """
import sys
from pathlib import Path
from retrieval.stores.shared import SharedStore
store = SharedStore(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
store.close()
"""


class RandomEmbedder:
    """Random unit vectors: what remains is the cost of everything but embedding."""

    name = "benchmark:random"
    dimensions = 384
    languages: frozenset[str] | None = None

    def __init__(self) -> None:
        self._random = np.random.default_rng(1)

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors = self._random.normal(size=(len(texts), self.dimensions))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)

    embed_queries = embed_documents


class Texts:
    """Synthetic texts."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(2)
        weights = 1 / np.arange(1, VOCABULARY + 1)
        self._weights = weights / weights.sum()
        self._words = np.array([f"word{number}" for number in range(VOCABULARY)])

    def text(self, words: int) -> str:
        return " ".join(self._random.choice(self._words, words, p=self._weights))

    def documents(self, count: int) -> Iterator[Document]:
        for number in range(count):
            group = GROUPS[number % len(GROUPS)]
            yield Document(f"{number}.md", "benchmark", f"Page {number}", self.text(WORDS), "link", (group,))


def timed(queries: Sequence[str], *actions: Callable[[str], object]) -> list[list[float]]:
    """Milliseconds of each action for each query; the actions take turns."""
    times: list[list[float]] = [[] for _ in actions]
    for query in (queries[0], *queries):
        for action, row in zip(actions, times, strict=True):
            started = time.perf_counter()
            action(query)
            row.append((time.perf_counter() - started) * 1000)
    return [row[1:] for row in times]


def percentiles(times: Sequence[float]) -> str:
    return f"{np.percentile(times, 50):.2f} | {np.percentile(times, 95):.2f}"


def finding(store: Store) -> Callable[[str], object]:
    search = Search(store, RandomEmbedder())
    return lambda text: search.find(Query(text, AUDIENCE))


def bare(store: EmbeddedStore) -> Callable[[str], object]:
    """The engine's call alone, as somebody would write it who needs nothing else."""
    embedder, keywords, shard = RandomEmbedder(), Keywords(), store.shard(store.current)

    def call(text: str) -> object:
        vector, words = embedder.embed_queries([text])[0].tolist(), keywords.query(text, ("en",))
        readers = edge.FieldCondition("readers", match=edge.MatchAny(list(AUDIENCE)))
        where = edge.Filter(must=[readers])
        sparse = edge.SparseVector(list(words.indices), list(words.values))
        stages = [
            edge.Prefetch(limit=PREFETCH, query=edge.Query.Nearest(value, using=name), filter=where)
            for name, value in ((DENSE, vector), (SPARSE, sparse))
        ]
        fusion: Any = edge.Fusion.Dbsf()
        request = edge.QueryRequest(limit=30, query=fusion, prefetches=stages, with_payload=True)
        return shard.run(lambda engine: engine.query(request))

    return call


def measure(chunks: int, folder: Path) -> None:
    texts = Texts()
    queries = [texts.text(8) for _ in range(QUERIES)]
    documents = list(texts.documents(chunks))
    store = EmbeddedStore(folder)
    started = time.perf_counter()
    Index(store, RandomEmbedder()).sync("benchmark", documents)
    without_embedding = (time.perf_counter() - started) * 1000 / chunks
    del documents
    alone, whole = timed(queries, bare(store), finding(store))
    share = np.percentile(np.subtract(whole, alone), 50)
    store.close()
    print(f"| {chunks:,} | bare engine | | {percentiles(alone)} | |")
    print(f"| | embedded | {without_embedding:.2f} | {percentiles(whole)} | {share:.2f} |", flush=True)
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdin is not None
        owner.stdout.readline()
        client = SharedStore(folder)
        (served,) = timed(queries, finding(client))
        more = np.percentile(served, 50) - np.percentile(whole, 50)
        print(f"| | served | | {percentiles(served)} | {more:.2f} more than embedded |", flush=True)
        client.close()
        owner.stdin.close()


def measure_embedder(home: Path) -> None:
    embedder = open_embedder(EmbedderSettings(embedder="packaged"), HomeSettings(home=home))
    assert embedder is not None
    sample = [" ".join(["the holiday policy of the company"] * 20) + f" {number}" for number in range(200)]
    started = time.perf_counter()
    embedder.embed_documents(sample)
    rate = len(sample) / (time.perf_counter() - started)
    queries = [f"how do I change my password on machine {number}?" for number in range(QUERIES)]
    print(f"\n| {embedder.name} | texts/s of about 125 tokens | query p50 ms | query p95 ms |")
    print("| --- | --- | --- | --- |")
    (times,) = timed(queries, lambda text: embedder.embed_queries([text]))
    print(f"| | {rate:.0f} | {percentiles(times)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, nargs="+", default=[1000, 10000])
    arguments = parser.parse_args()
    print("| chunks | search | ingest ms a chunk, without embedding | p50 ms | p95 ms | own share p50 ms |")
    print("| --- | --- | --- | --- | --- | --- |")
    for chunks in arguments.chunks:
        with tempfile.TemporaryDirectory() as folder:
            measure(chunks, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        measure_embedder(Path(folder))


if __name__ == "__main__":
    main()
