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
    stopped = stop_signal(stopped)
    if attached:
        threading.Thread(target=_until_the_end, args=(stopped,), name="stdin", daemon=True).start()
    stopped.wait()


def stop_signal(event: threading.Event | None = None) -> threading.Event:
    """An event that SIGTERM and SIGINT set from now on: the given one, or a new one."""
    stopped = event or threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    return stopped


def _until_the_end(stopped: threading.Event) -> None:
    """Read standard input to its end, past Python's buffer, whose lock must be free at the end."""
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    stopped.set()
