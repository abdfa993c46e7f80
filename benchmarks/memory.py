"""How much memory the whole embedded stack takes, everything in one process, as it answers.

    python -m benchmarks.memory [--chunks 10000] [--turns 20]

A handbook of so many chunks is ingested, then `candor chat` answers questions from it. What its process takes
is measured, with the index, the packaged embedder, the extractive model, the queue and the worker: the
proportional set size (PSS), in which a page that several processes share counts for each in part, and the
resident set size (RSS).
"""

import argparse
import os
import re
import selectors
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks import chat, corpus

CANDOR = str(Path(sys.executable).parent / "candor")
PATIENCE = 60.0  # seconds for one answer
FIELD = re.compile(r"^(Rss|Pss|Pss_Anon|Pss_File):\s+(\d+) kB", re.MULTILINE)


def megabytes(process: int) -> dict[str, float]:
    """PSS and RSS of a process in MB, as the kernel counts them (proc(5), smaps_rollup)."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    return {name: int(kilobytes) * 1024 / 1e6 for name, kilobytes in FIELD.findall(text)}


def row(name: str, process: int) -> None:
    found = megabytes(process)
    figures = " | ".join(f"{found[each]:.0f}" for each in ("Pss", "Pss_Anon", "Pss_File", "Rss"))
    print(f"| {name} | {figures} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chunks", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=20)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = {**os.environ, "CANDOR_HOME": f"{folder}/home"}  # noqa: TID251 - a child's environment
        questions = corpus.write(Path(folder) / "docs", arguments.chunks)
        subprocess.run([CANDOR, "ingest", f"{folder}/docs"], env=home, check=True)
        print("| | PSS MB | of it data | of it files | RSS MB |\n| --- | --- | --- | --- | --- |")
        with (
            subprocess.Popen(
                [CANDOR, "chat"], env=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
            ) as process,
            selectors.DefaultSelector() as selector,
        ):
            assert process.stdin is not None
            assert process.stdout is not None
            selector.register(process.stdout, selectors.EVENT_READ)
            chat.last_byte(selector, process, PATIENCE)
            for number, (question, _) in enumerate(questions[: arguments.turns], start=1):
                process.stdin.write(f"{question}\n".encode())
                chat.last_byte(selector, process, PATIENCE)
                if number in (1, arguments.turns):
                    row(f"{arguments.chunks:,} chunks, after {number} answers", process.pid)
            process.stdin.close()


if __name__ == "__main__":
    main()
