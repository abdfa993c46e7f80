"""How fast documents are taken in, beside Haystack and LlamaIndex on the same chunks, weights and machine.

    python -m benchmarks.peers CORPUS.jsonl --haystack PYTHON --llama-index PYTHON

The two are interpreters of environments with these packages (see `docs/benchmarks.md`). Candor splits, embeds
and stores; the peers embed and store in memory what Candor has split, through their usual pipelines: on
sentence-transformers with torch, on its ONNX path, and on that path in 8-bit integers. Each runs in a process
of its own, which has its model loaded; rounds take turns, and the best of each counts, since other processes
only ever slow one down.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from evals import corpora
from retrieval import chunker
from retrieval.embedders.packaged.weights import packaged_folder
from retrieval.vectors import searchable

HERE = Path(__file__).parent
BACKENDS = {
    "sentence-transformers": ("torch",),
    "ONNX": ("onnx", "onnx/model.onnx"),
    "ONNX int8": ("onnx", "onnx/model_qint8_avx512_vnni.onnx"),
}
OFFLINE = {"HF_HUB_OFFLINE": "1", "HAYSTACK_TELEMETRY_ENABLED": "False", "TOKENIZERS_PARALLELISM": "true"}


class Side:
    """One of those that are compared, in its own process."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.seconds: list[float] = []
        root = str(HERE.parent.parent)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, **OFFLINE, "PYTHONPATH": root},  # noqa: TID251 - a child's environment
        )
        self._line()

    def round(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self.seconds.append(float(self._line()))

    def close(self) -> None:
        self._process.communicate()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"{self.name}: its process ended")
        return line


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--haystack", default="", metavar="PYTHON")
    parser.add_argument("--llama-index", default="", metavar="PYTHON")
    parser.add_argument("--documents", type=int, default=1000, help="Of the corpus, from its beginning.")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    peers = {"haystack": arguments.haystack, "llama_index": arguments.llama_index}
    with tempfile.TemporaryDirectory() as name:
        compare(
            arguments.corpus.read_text(encoding="utf-8").splitlines()[: arguments.documents],
            {peer: python for peer, python in peers.items() if python},
            arguments.rounds,
            Path(name),
        )


def compare(lines: Sequence[str], peers: dict[str, str], rounds: int, folder: Path) -> None:
    corpus, texts, model = folder / "corpus.jsonl", folder / "texts.json", folder / "model"
    corpus.write_text("\n".join(lines), encoding="utf-8")
    chunks = [
        searchable(chunk) for document in corpora.documents(corpus) for chunk in chunker.chunk(document)
    ]
    texts.write_text(json.dumps(chunks), encoding="utf-8")
    shutil.copytree(packaged_folder(), model)
    sides = [Side("Candor", [sys.executable, "-m", "benchmarks.peers.with_candor", str(corpus)])]
    for peer, python in peers.items():
        if not (model / "onnx").exists():
            subprocess.run(
                [python, HERE / "export.py", model],
                check=True,
                env={**os.environ, **OFFLINE},  # noqa: TID251
            )
        script = str(HERE / f"with_{peer}.py")
        for backend, options in BACKENDS.items():
            sides.append(Side(f"{peer}, {backend}", [python, script, str(texts), str(model), *options]))
    for _ in range(rounds):
        for side in sides:
            side.round()
    print(f"{len(chunks)} chunks, {rounds} rounds\n")
    print("| pipeline | chunks/s, best | chunks/s, median | Candor's ratio |\n| --- | --- | --- | --- |")
    for side in sides:
        side.close()
        best, median = (len(chunks) / sorted(side.seconds)[at] for at in (0, len(side.seconds) // 2))
        print(
            f"| {side.name} | {best:.0f} | {median:.0f} | {min(side.seconds) / min(sides[0].seconds):.2f} |"
        )


if __name__ == "__main__":
    main()
