"""How good retrieval is on sets in the layout of BEIR.

python -m benchmarks.quality FOLDER... [--filter channel] [--embedder none]

Each folder holds corpus.jsonl, queries.jsonl and qrels.tsv. A set whose queries carry the filter's field is
measured twice, the second time within it.
"""

import argparse
import tempfile
from pathlib import Path

from core.settings import HomeSettings
from evals import corpora, retrieval
from evals.scratch import scratch
from retrieval.embedders import Embedder, EmbedderSettings, open_embedder

_NAMES = ("nDCG@10", "R@10", "R@100", "RR@10")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--filter", default="")
    parser.add_argument("--embedder", default="packaged")
    arguments = parser.parse_args()
    print(f"| set | search | {' | '.join(_NAMES)} |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        home = HomeSettings(home=Path(folder))
        embedder = open_embedder(EmbedderSettings(embedder=arguments.embedder), home)
        for one in arguments.folders:
            measure(one, embedder, home, arguments.filter)


def measure(folder: Path, embedder: Embedder | None, home: HomeSettings, within: str) -> None:
    queries, judgements = corpora.queries(folder / "queries.jsonl"), corpora.judgements(folder / "qrels.tsv")
    filters = ["", within] if within and within in queries[0].fields else [""]
    with scratch(folder / "corpus.jsonl", embedder, home) as finder:
        for chosen in filters:
            for rung in retrieval.ladder(dense=embedder is not None):
                row = retrieval.measure(rung, finder, queries, judgements, within=chosen)
                name = f"{folder.name}, within {chosen}" if chosen else folder.name
                figures = " | ".join(f"{row[figure]:.4f}" for figure in _NAMES)
                print(f"| {name} | {rung.name} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
