"""A fair lock: at SQLite's own, and in a connection pool, a thread can starve behind those that come back."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class Turnstile:
    """Lets one thread through at a time, in the order of their coming."""

    def __init__(self, *, wait: float) -> None:
        """Make one that a thread waits at for so many seconds."""
        self._wait = wait
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    @property
    def queue(self) -> int:
        """How many threads wait."""
        return len(self._waiting)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Wait for one's turn, and hold it.

        Raises:
            TimeoutError: when the turn did not come in time.
        """
        self._enter()
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            gate = Lock()
            gate.acquire()  # opened by whoever leaves before us
            self._waiting.append(gate)
        if gate.acquire(timeout=self._wait):
            return
        with self._guard:
            if gate in self._waiting:
                self._waiting.remove(gate)
                raise TimeoutError("too many writes wait for one another")
        # Our turn came while we gave up.

    def _leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
