"""Rounds of ingest in a process of its own. It imports nothing of ours, since the peers run it as well."""

import sys
import time
from collections.abc import Callable, Iterable

WARM = 32
"""Items of the run before the first round, in which models are loaded and memory is taken."""


def serve(ingest: Callable[[Iterable[object]], object], items: list[object]) -> None:
    """Ingest once for each line of stdin; prints the seconds that it took."""
    ingest(items[:WARM])
    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        ingest(items)
        print(time.perf_counter() - started, flush=True)
