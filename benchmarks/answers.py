"""How often the extractive model quotes an answer, and how often it stays silent when there is none.

python -m benchmarks.answers --corpus corpus.jsonl --questions answers.jsonl [--embedder none] [--passages 8]

The corpus has `_id`, `title`, `text` a line; the questions `id`, `question`, `answers`, `document`. Each
question is asked twice: as it is, and without every document of its article, the part of the id before the
last `-`. `contains_gold` is the share of all questions that are answered with a quote that holds an answer.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.documents import Document, Passage
from core.messages import EVERYONE
from core.settings import HomeSettings
from retrieval.embedders import Embedder, EmbedderSettings, open_embedder
from retrieval.index import Index
from retrieval.search import Query, Search
from retrieval.stores.embedded import EmbeddedStore
from workers.models.extractive.answer import THRESHOLD, quotes
from workers.models.extractive.vectors import Vectors

_SOURCE = "corpus"
_CURVE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: the best support and whether a quote holds an answer; the support without the source."""

    support: float
    contains: bool
    without: float
    milliseconds: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--embedder", default="packaged")
    parser.add_argument("--passages", type=int, default=8)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = HomeSettings(home=Path(folder))
        embedder = open_embedder(EmbedderSettings(embedder=arguments.embedder), home)
        store = EmbeddedStore(home.folder() / "index")
        corpus = list(_lines(arguments.corpus))
        Index(store, embedder).sync(_SOURCE, [_document(line) for line in corpus])
        articles = statistics.multimode(_article(line["_id"]) for line in corpus)
        largest = sum(_article(line["_id"]) == articles[0] for line in corpus)
        search = Search(store, embedder)
        results = [
            _ask(question, search, embedder, arguments.passages, largest)
            for question in _lines(arguments.questions)
        ]
        store.close()
    print(_report(results))


def _ask(
    question: dict[str, Any], search: Search, embedder: Embedder | None, count: int, largest: int
) -> Asked:
    # A document may be several chunks: search deeper than the largest article is likely to reach.
    found = search.find(Query(question["question"], (EVERYONE,), limit=count + 3 * largest))
    article = _article(question["document"])
    others = [each for each in found if _article(each.chunk.document_id) != article]
    vectors = Vectors(embedder) if embedder else None  # nothing remembered from one question to the next
    start = time.perf_counter()
    chosen = quotes(question["question"], found[:count], vectors)
    milliseconds = 1000 * (time.perf_counter() - start)
    without = quotes(question["question"], others[:count], vectors)
    held = [_text(found, each.passage, each.start, each.end).casefold() for each in chosen]
    return Asked(
        support=chosen[0].support if chosen else 0.0,
        contains=any(answer.casefold() in text for answer in question["answers"] for text in held),
        without=without[0].support if without else 0.0,
        milliseconds=milliseconds,
    )


def _report(results: Sequence[Asked]) -> str:
    times = [each.milliseconds for each in results]
    p95 = statistics.quantiles(times, n=20)[-1]
    rows = [
        f"{len(results)} questions; ms without search: {statistics.median(times):.0f} p50, {p95:.0f} p95\n",
        "| threshold | contains_gold | abstained | abstained_without_source |",
        "|---|---|---|---|",
    ]
    for threshold in sorted({*_CURVE, THRESHOLD}):
        contains = _share(each.contains and each.support >= threshold for each in results)
        abstained = _share(each.support < threshold for each in results)
        without = _share(each.without < threshold for each in results)
        mark = " (built in)" if threshold == THRESHOLD else ""
        rows.append(f"| {threshold:.2f}{mark} | {contains:.3f} | {abstained:.3f} | {without:.3f} |")
    return "\n".join(rows)


def _share(hits: Iterator[bool]) -> float:
    return statistics.fmean(hits)


def _text(found: Sequence[Passage], place: int, start: int, end: int) -> str:
    return found[place].chunk.text[start:end]


def _article(document: str) -> str:
    return document.rsplit("-", 1)[0]


def _document(line: dict[str, Any]) -> Document:
    return Document(line["_id"], _SOURCE, line.get("title", ""), line["text"], line["_id"])


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file if line.strip())


if __name__ == "__main__":
    main()
