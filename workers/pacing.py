"""The pace kept in Redis, where that is the broker: every worker counts in one place."""

from collections.abc import Callable

import redis

from core import log
from core.pacing import BURST, INTERVAL
from ledger.clock import milliseconds

_log = log.get(__name__)

_SECONDS = 1.0
"""How long Redis may take before a message is sent unpaced."""

# KEYS: the place. ARGV: interval, room, hold, all in milliseconds. Gives what is still to wait.
_SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local free = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
local interval, room, hold = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if hold > 0 then
    free = math.max(free, now + hold + room - interval)
elseif free + interval - now > room then
    return free + interval - now - room
else
    free = free + interval
end
redis.call('SET', KEYS[1], free, 'PX', free - now + 1000)
return 0
"""


class RedisPace:
    """A `core.pacing.Pacer`. A Redis that does not answer holds nothing up: platforms say when to wait."""

    def __init__(self, url: str, *, interval: float = INTERVAL, burst: int = BURST) -> None:
        """Keep a pace in the Redis at a URL, for which nothing is connected yet."""
        client = redis.Redis.from_url(url, socket_timeout=_SECONDS, socket_connect_timeout=_SECONDS)
        self._run: Callable[..., object] = client.register_script(_SCRIPT)
        self._interval = milliseconds(interval)
        self._room = milliseconds(interval * burst)

    def take(self, place: str) -> float:
        """Count one thing, or say how many seconds to wait."""
        return self._asked(place, 0) / 1000

    def hold(self, place: str, seconds: float) -> None:
        """Let nothing be sent to a place for so many seconds."""
        self._asked(place, milliseconds(seconds))

    def _asked(self, place: str, hold: int) -> int:
        try:
            said = self._run(keys=[f"candor:pace:{place}"], args=[self._interval, self._room, hold])
        except redis.RedisError as error:
            _log.warning("the pace is not kept: Redis does not answer", error=type(error).__name__)
            return 0
        return int(str(said))
