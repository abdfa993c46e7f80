"""Discord's limits as its answers tell them: buckets, what is left in them, and how many answers were bad."""

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass

from core.errors import Unavailable
from core.pacing import Pacer

BAD = frozenset({401, 403, 429})
"""Statuses that Discord counts: 10,000 of them in 10 minutes shut an address out
(https://docs.discord.com/developers/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans)."""

_MOST_BAD, _BAD_SECONDS = 500, 600.0
"""What one process allows itself of them, so that twenty may share an address."""

_REMEMBERED = 10_000

_EVERYWHERE = "*"
"""The bucket that all requests share."""


@dataclass(frozen=True, slots=True)
class Place:
    """What has a limit of its own: a route, for one channel, guild, webhook or interaction.

    `paced` ones are counted together with other processes, `spare` is how many requests are left to others.
    """

    route: str
    major: str
    paced: bool = False
    spare: int = 0


@dataclass(slots=True)
class _Bucket:
    """What is left in a bucket, and until when (seconds of the monotonic clock)."""

    left: int
    until: float


class Limits:
    """Keeps this process from asking for what Discord would refuse. May be used from several threads."""

    def __init__(self, pacer: Pacer | None = None) -> None:
        """Know of no limit yet; `pacer` counts with all other processes, where there is one."""
        self._pacer = pacer
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._names: dict[str, str] = {}
        self._bad: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, place: Place) -> None:
        """Take one request from what is left at a place.

        Raises:
            Unavailable: nothing is left, with the seconds to wait.
            LedgerUnavailable: the pace is kept in the ledger, and that does not answer.
        """
        with self._lock:
            self._take(place)
        if self._pacer and place.paced and (wait := self._pacer.take(_shared(place))):
            raise Unavailable(f"Discord's limit is reached ({place.route})", after=wait)

    def learn(self, place: Place, status: int, headers: Mapping[str, str], *, wait: float = 0.0) -> None:
        """Take note of what an answer says of its bucket; `wait` is what a 429 asks for, in seconds."""
        now = time.monotonic()
        scope = headers.get("x-ratelimit-scope", "")
        left, reset = _number(headers, "x-ratelimit-remaining"), _number(headers, "x-ratelimit-reset-after")
        with self._lock:
            if status in BAD and scope != "shared":
                self._bad.append(now)
            if name := headers.get("x-ratelimit-bucket"):
                self._names[place.route] = name
            if wait:
                everywhere = scope == "global" or "x-ratelimit-global" in headers
                self._put(_EVERYWHERE if everywhere else self._key(place), _Bucket(0, now + wait))
            elif left is not None and reset is not None:
                self._note(self._key(place), int(left), now + reset)
        held = wait or (reset if left == 0 and reset else 0.0)
        if self._pacer and place.paced and held:
            self._pacer.hold(_shared(place), held)

    def _take(self, place: Place) -> None:
        now = time.monotonic()
        while self._bad and self._bad[0] <= now - _BAD_SECONDS:
            self._bad.popleft()
        if len(self._bad) >= _MOST_BAD:
            wait = self._bad[0] + _BAD_SECONDS - now
            raise Unavailable("Discord refused too many requests and is left alone", after=wait)
        buckets = [(self._buckets.get(_EVERYWHERE), 0), (self._buckets.get(self._key(place)), place.spare)]
        current = [(bucket, spare) for bucket, spare in buckets if bucket and now < bucket.until]
        for bucket, spare in current:
            if bucket.left <= spare:
                raise Unavailable(f"Discord's limit is reached ({place.route})", after=bucket.until - now)
        for bucket, _ in current:
            bucket.left -= 1

    def _key(self, place: Place) -> str:
        return f"{self._names.get(place.route, place.route)}/{place.major}"

    def _note(self, key: str, left: int, until: float) -> None:
        """Answers come in any order: within one window the least that was told holds."""
        bucket = self._buckets.get(key)
        if bucket and time.monotonic() < bucket.until:
            bucket.left = min(bucket.left, left)
        else:
            self._put(key, _Bucket(left, until))

    def _put(self, key: str, bucket: _Bucket) -> None:
        self._buckets[key] = bucket
        self._buckets.move_to_end(key)
        while len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)


def _shared(place: Place) -> str:
    return f"discord/{place.route}/{place.major}"


def _number(headers: Mapping[str, str], name: str) -> float | None:
    try:
        return float(headers[name])
    except (KeyError, ValueError):
        return None
