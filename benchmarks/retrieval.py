"""How fast retrieval is: `python -m benchmarks.retrieval [--chunks 1000 10000]` prints a Markdown table.

Chunks are synthetic: 100 words drawn from 5,000 by Zipf's law, random unit vectors of 384 numbers, five
reader groups of which the audience has two. Search is hybrid with the reader filter, 30 passages; `served`
is the same index in another process. The embedder is measured by itself, on texts of about a chunk's size.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.documents import Document
from core.settings import HomeSettings
from retrieval.embedders import EmbedderSettings, open_embedder
from retrieval.index import Index
from retrieval.search import Query, Search
from retrieval.stores import Store
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


def percentiles(action: Callable[[str], object], queries: Sequence[str]) -> str:
    """p50 and p95 in milliseconds."""
    action(queries[0])
    times = []
    for query in queries:
        started = time.perf_counter()
        action(query)
        times.append((time.perf_counter() - started) * 1000)
    return f"{np.percentile(times, 50):.2f} | {np.percentile(times, 95):.2f}"


def searching(store: Store, queries: Sequence[str]) -> str:
    search = Search(store, RandomEmbedder())
    return percentiles(lambda text: search.find(Query(text, AUDIENCE)), queries)


def measure(chunks: int, folder: Path) -> None:
    texts = Texts()
    documents = list(texts.documents(chunks))
    queries = [texts.text(8) for _ in range(QUERIES)]
    store = SharedStore(folder)
    started = time.perf_counter()
    Index(store, RandomEmbedder()).sync("benchmark", documents)
    rate = chunks / (time.perf_counter() - started)
    print(f"| {chunks:,} | embedded | {rate:,.0f} | {searching(store, queries)} |", flush=True)
    store.close()
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdin is not None
        owner.stdout.readline()
        client = SharedStore(folder)
        print(f"| {chunks:,} | served | | {searching(client, queries)} |", flush=True)
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
    print(f"| | {rate:.0f} | {percentiles(lambda text: embedder.embed_queries([text]), queries)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, nargs="+", default=[1000, 10000])
    arguments = parser.parse_args()
    print("| chunks | store | ingest chunks/s without embedding | search p50 ms | search p95 ms |")
    print("| --- | --- | --- | --- | --- |")
    for chunks in arguments.chunks:
        with tempfile.TemporaryDirectory() as folder:
            measure(chunks, Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        measure_embedder(Path(folder))


if __name__ == "__main__":
    main()
