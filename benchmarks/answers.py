"""How often the extractive model quotes an answer, and how often it stays silent when there is none.

python -m benchmarks.answers --corpus corpus.jsonl --questions answers.jsonl [--add other.jsonl ...]
    [--embedder none]

`candor eval answers` with more around it: other corpora can be added as documents that answer nothing, and
`abstained_without_document` is the share left unanswered when only the one document with the answer is gone,
while the rest of its article is there.
"""

import argparse
import json
import tempfile
from pathlib import Path

from core.settings import HomeSettings
from evals import answers, corpora
from evals.scratch import scratch
from retrieval.embedders import EmbedderSettings, open_embedder
from workers.answering.budget import AnsweringSettings


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--add", type=Path, nargs="*", default=[])
    parser.add_argument("--embedder", default="packaged")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = HomeSettings(home=Path(folder))
        embedder = open_embedder(EmbedderSettings(embedder=arguments.embedder), home)
        corpus = _together(arguments.corpus, arguments.add, Path(folder) / "corpus.jsonl")
        asked, settings = corpora.questions(arguments.questions), AnsweringSettings()
        with scratch(corpus, embedder, home) as finder:
            without_article = answers.scorecard(answers.ask(asked, finder, embedder, settings))
            alone = answers.scorecard(answers.ask(asked, finder, embedder, settings, missing=str))
    print(f"{without_article['n']} questions; built in: {without_article['threshold']}\n")
    print(
        "| threshold | contains_gold | abstained | abstained_without_source | abstained_without_document |\n"
        "|---|---|---|---|---|"
    )
    for point, other in zip(without_article["curve"], alone["curve"], strict=True):
        print(
            f"| {point['threshold']:.2f} | {point['contains_gold']:.3f} | {point['abstained']:.3f} "
            f"| {point['abstained_without_source']:.3f} | {other['abstained_without_source']:.3f} |"
        )


def _together(corpus: Path, added: list[Path], target: Path) -> Path:
    """One corpus of all, the ids of those that are added told apart by their place in the command."""
    with target.open("w", encoding="utf-8") as file:
        file.write(corpus.read_text(encoding="utf-8"))
        for place, path in enumerate(added):
            for line in path.read_text(encoding="utf-8").splitlines():
                record = json.loads(line)
                file.write(json.dumps({**record, "_id": f"added{place}/{record['_id']}"}) + "\n")
    return target


if __name__ == "__main__":
    main()
