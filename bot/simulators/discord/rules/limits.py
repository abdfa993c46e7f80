"""How often each route may be called: buckets, the bot's own ceiling, and the ban for bad requests."""

import hashlib
import threading
from collections import deque
from dataclasses import dataclass

from bot.simulators.clock import Clock
from bot.simulators.discord.errors import Banned, RateLimited

GLOBAL = 50
"""Requests a second that a bot may make, all routes together; interactions' own do not count."""
INVALID = 10_000
INVALID_SECONDS = 600.0
"""So many answers of 401, 403 and 429 in so many seconds, and the address is shut out."""


@dataclass(frozen=True, slots=True)
class Limit:
    """`count` requests in each window of so many seconds.

    Discord publishes none of these numbers: what stands at the routes was seen in its headers or assumed.
    """

    count: int
    seconds: float


USUAL = Limit(50, 1.0)
"""For routes of which nothing tighter is known."""


@dataclass(slots=True)
class Window:
    """What is left in a bucket, and when it is full again."""

    limit: Limit
    bucket: str
    left: int
    until: float

    def headers(self, now: float) -> dict[str, str]:
        """What each answer says of its bucket."""
        return {
            "X-RateLimit-Limit": str(self.limit.count),
            "X-RateLimit-Remaining": str(max(0, self.left)),
            "X-RateLimit-Reset": f"{self.until:.3f}",
            "X-RateLimit-Reset-After": f"{max(0.0, self.until - now):.3f}",
            "X-RateLimit-Bucket": self.bucket,
        }


class Limits:
    """Counts requests by route and major id, by second, and the invalid ones."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._set: dict[str, Limit] = {}
        self._windows: dict[tuple[str, str], Window] = {}
        self._recent: deque[float] = deque()
        self._invalid: deque[float] = deque()
        self._lock = threading.Lock()
        self._off = False

    def off(self) -> None:
        """Refuse nothing any more; the headers stay."""
        self._off = True

    def set(self, route: str, limit: Limit) -> None:
        """Give a route, such as `POST /channels/{channel_id}/messages`, a limit of its own."""
        with self._lock:
            self._set[route] = limit
            self._windows = {key: window for key, window in self._windows.items() if key[0] != route}

    def count(self, route: str, major: str, limit: Limit, *, of_bot: bool) -> Window:
        """Take one request from what is left.

        Args:
            route: the method and the path, with names for ids.
            major: the id of the channel, guild or webhook that has a bucket of its own.
            limit: what Discord allows by default.
            of_bot: whether it counts against the bot's ceiling.

        Raises:
            RateLimited: when nothing is left, with the seconds until there is.
        """
        with self._lock:
            now = self._clock.now()
            if of_bot:
                self._forget(self._recent, now - 1.0)
                if len(self._recent) >= GLOBAL and not self._off:
                    raise RateLimited(self._recent[0] + 1.0 - now, "global")
                self._recent.append(now)
            limit = self._set.get(route, limit)
            window = self._windows.get((route, major))
            if window is None or now >= window.until:
                name = hashlib.sha256(route.encode()).hexdigest()[:32]
                window = Window(limit, name, limit.count, now + limit.seconds)
                self._windows[route, major] = window
            window.left -= 1
            if window.left < 0 and not self._off:
                raise RateLimited(window.until - now)
            return window

    def headers(self, route: str, major: str) -> dict[str, str]:
        """What an answer says of the bucket that its request came out of."""
        window = self._windows.get((route, major))
        return window.headers(self._clock.now()) if window else {}

    def admit(self) -> None:
        """Let a request in, unless its address sent too many bad ones.

        Raises:
            Banned: until enough of them are ten minutes old.
        """
        with self._lock:
            self._forget(self._invalid, self._clock.now() - INVALID_SECONDS)
            if len(self._invalid) >= INVALID:
                raise Banned

    def invalid(self) -> None:
        """Count one answer of 401, 403 or 429."""
        with self._lock:
            self._invalid.append(self._clock.now())

    @property
    def invalid_count(self) -> int:
        """Bad requests within the last ten minutes."""
        with self._lock:
            self._forget(self._invalid, self._clock.now() - INVALID_SECONDS)
            return len(self._invalid)

    def _forget(self, times: deque[float], before: float) -> None:
        while times and times[0] <= before:
            times.popleft()
