"""Deadlines of our own: thread pools ignore those of the task queue."""

import time

from core.errors import DeadlineExceeded


class Deadline:
    """A point in (monotonic) time by which something must be done."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left, not below zero."""
        return max(0.0, self._at - time.monotonic())

    def check(self, doing: str) -> None:
        """Raise when the time is over.

        Raises:
            DeadlineExceeded: naming what was being done.
        """
        if not self.remaining():
            raise DeadlineExceeded(f"out of time while {doing}")
