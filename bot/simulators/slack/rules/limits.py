"""How often each method may be called: token buckets, and refusals on request."""

import math
import threading
from collections import deque
from dataclasses import dataclass

from bot.simulators.clock import Clock
from bot.simulators.slack.errors import RateLimited


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` calls at once, refilled at `per_minute`."""

    per_minute: float
    burst: float


def tier(per_minute: float) -> Limit:
    """Slack's tiers (1, 20, 50 and 100 calls a minute), all of which may come at once."""
    return Limit(per_minute, per_minute)


PER_CHANNEL = Limit(60, 10)
"""`chat.postMessage`: about one a second and channel, with short bursts. The burst is an assumption."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limits:
    """Counts calls by workspace and method, and by channel where Slack does."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._set: dict[str, Limit | None] = {}
        self._refusals: dict[str, deque[int]] = {}
        self._buckets: dict[tuple[str, str, str], _Bucket] = {}
        self._lock = threading.Lock()
        self._off = False

    def off(self) -> None:
        """Count nothing any more; refusals that were asked for still come."""
        self._off = True

    def set(self, method: str, limit: Limit | None) -> None:
        """Give a method a limit of its own, or none."""
        with self._lock:
            self._set[method] = limit
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if key[1] != method}

    def refuse(self, method: str, *, times: int = 1, retry_after: int = 1) -> None:
        """Answer the next calls of a method with 429 and this `Retry-After`."""
        with self._lock:
            self._refusals.setdefault(method, deque()).extend([retry_after] * times)

    def count(self, workspace: str, method: str, limit: Limit | None, channel: str) -> None:
        """Take one call from what is left.

        Args:
            workspace: whose call it is.
            method: what is called.
            limit: what Slack allows the method by default; None for no limit.
            channel: the channel it is about, where the limit is by channel; else empty.

        Raises:
            RateLimited: when nothing is left, with the seconds until there is.
        """
        with self._lock:
            if refusals := self._refusals.get(method):
                raise RateLimited(refusals.popleft())
            limit = self._set.get(method, limit)
            if limit is None or (self._off and method not in self._set):
                return
            now = self._clock.now()
            bucket = self._buckets.setdefault((workspace, method, channel), _Bucket(limit.burst, now))
            bucket.left = min(limit.burst, bucket.left + (now - bucket.at) * limit.per_minute / 60)
            bucket.at = now
            if bucket.left < 1:
                raise RateLimited(max(1, math.ceil((1 - bucket.left) * 60 / limit.per_minute)))
            bucket.left -= 1
