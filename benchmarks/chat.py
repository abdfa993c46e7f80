"""How long one `candor chat` takes from question to answer, and how long the commands take to start.

python -m benchmarks.chat [--chunks 1000] [--turns 200]
"""

import argparse
import os
import selectors
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import corpus

_CANDOR = str(Path(sys.executable).parent / "candor")
_QUIET_SECONDS = 0.15


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=200)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = {**os.environ, "CANDOR_HOME": f"{folder}/home"}  # noqa: TID251 - a child's environment
        questions = corpus.write(Path(folder) / "docs", arguments.chunks)
        subprocess.run([_CANDOR, "ingest", f"{folder}/docs"], env=home, check=True)
        turns = _chat(home, [question for question, _ in questions[: arguments.turns]])
        rows = [("turn inside one `candor chat`", turns)]
        rows += [
            (f"`candor {name}`", _starts(home, line)) for name, line in _commands(questions[0][0]).items()
        ]
    print(f"\n| {arguments.chunks} chunks | n | p50 ms | p95 ms | max ms |\n|---|---|---|---|---|")
    for name, seconds in rows:
        p95 = statistics.quantiles(seconds, n=20)[-1]
        print(
            f"| {name} | {len(seconds)} | {statistics.median(seconds) * 1000:.0f} "
            f"| {p95 * 1000:.0f} | {max(seconds) * 1000:.0f} |"
        )


def _commands(question: str) -> dict[str, list[str]]:
    return {"ask": ["ask", question], "search": ["search", question], "--help": ["--help"]}


def _starts(home: dict[str, str], line: list[str], runs: int = 7) -> list[float]:
    took = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run([_CANDOR, *line], env=home, check=True, stdout=subprocess.DEVNULL)
        took.append(time.perf_counter() - started)
    return took


def _chat(home: dict[str, str], questions: list[str]) -> list[float]:
    """Seconds from each question's newline to the last byte of its answer."""
    process = subprocess.Popen(
        [_CANDOR, "chat"], env=home, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        last_byte(selector, process, patience=30)
        took = []
        for question in questions:
            started = time.perf_counter()
            process.stdin.write(f"{question}\n".encode())
            took.append(last_byte(selector, process, patience=30) - started)
    process.stdin.close()
    process.wait()
    return took


def last_byte(selector: selectors.BaseSelector, process: subprocess.Popen[bytes], patience: float) -> float:
    """When output that ends with an empty line fell quiet."""
    assert process.stdout is not None
    seen, at = b"", time.perf_counter()
    deadline = at + patience
    while time.perf_counter() < deadline:
        if selector.select(timeout=_QUIET_SECONDS):
            seen += os.read(process.stdout.fileno(), 65536)
            at = time.perf_counter()
        elif seen.endswith(b"\n\n") and seen.count(b"\n") > 2:
            return at
    raise TimeoutError(f"no answer within {patience} s; last output: {seen[-200:]!r}")


if __name__ == "__main__":
    main()
