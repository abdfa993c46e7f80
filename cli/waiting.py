"""Waiting for a signal."""

import signal
import threading


def until_stopped() -> None:
    """Return at SIGTERM or SIGINT."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    stopped.wait()
