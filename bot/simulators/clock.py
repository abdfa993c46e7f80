"""The simulator's time: the machine's own, plus whatever it was told to skip."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self


class Clock:
    """Time that can jump ahead, and what is to happen at a moment of it.

    Retries after a minute, streams that expire, limits that refill: all of them ask this clock, so that
    `advance` makes them happen at once. Actions run in the clock's thread and must be short.
    """

    def __init__(self) -> None:
        self._ahead = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="simulator-clock", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def now(self) -> float:
        """Seconds since 1970, as the simulator counts them."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Jump ahead; what falls due meanwhile happens now, in its order."""
        with self._changed:
            self._ahead += seconds
            self._changed.notify_all()

    def call_later(self, seconds: float, action: Callable[[], None]) -> None:
        """Have something happen once so much time has passed."""
        with self._changed:
            heapq.heappush(self._due, (self.now() + seconds, next(self._order), action))
            self._changed.notify_all()

    def close(self) -> None:
        """Stop; what has not fallen due will not happen."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._open and not (self._due and self._due[0][0] <= self.now()):
                    self._changed.wait(self._due[0][0] - self.now() if self._due else None)
                if not self._open:
                    return
                action = heapq.heappop(self._due)[2]
            action()
