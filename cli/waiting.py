"""Waiting for a signal."""

import contextlib
import os
import signal
import sys
import threading


def until_stopped(stopped: threading.Event | None = None, *, attached: bool = False) -> None:
    """Return at SIGTERM or SIGINT; attached, at the end of standard input too.

    `stopped` can be set by whatever this process waits on, when there is nothing left to wait for.
    """
    stopped = stopped or threading.Event()
    if attached:
        threading.Thread(target=_until_the_end, args=(stopped,), name="stdin", daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    stopped.wait()


def _until_the_end(stopped: threading.Event) -> None:
    """Read standard input to its end, past Python's buffer, whose lock must be free at the end."""
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    stopped.set()
