"""Discord's ids: 64 bits that begin with the milliseconds since 2015."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

EPOCH = 1_420_070_400_000
"""The first millisecond of 2015, in milliseconds since 1970."""


class Snowflakes:
    """Gives out ids, each larger than all before it."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0
        self._lock = threading.Lock()

    def new(self) -> str:
        """An id that no other has."""
        with self._lock:
            self._last = max(self._last + 1, (int(self._now() * 1000) - EPOCH) << 22)
            return str(self._last)


def created(snowflake: str) -> float:
    """When an id was given out, in seconds since 1970."""
    return ((int(snowflake) >> 22) + EPOCH) / 1000


def iso(seconds: float) -> str:
    """A time as Discord writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def shard_of(guild: str, shards: int) -> int:
    """The shard that hears of a guild; direct messages go to the first."""
    return (int(guild) >> 22) % shards if guild else 0
