"""What the gateway asks of its clients, and how it says that one broke a rule."""

from collections import deque
from dataclasses import dataclass, field

STARTS = 1000
"""Sessions that may be begun in a day."""
DAY = 86_400.0

REASONS = {
    4000: "Unknown error.",
    4001: "Unknown opcode.",
    4002: "Error while decoding payload.",
    4003: "Not authenticated.",
    4004: "Authentication failed.",
    4005: "Already authenticated.",
    4007: "Invalid seq.",
    4008: "Rate limited.",
    4009: "Session timed out.",
    4010: "Invalid shard.",
    4011: "Sharding required.",
    4012: "Invalid API version.",
    4013: "Invalid intent(s).",
    4014: "Disallowed intent(s).",
}


class Closed(Exception):
    """The client broke a rule: its connection is closed with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(REASONS[code])
        self.code = code


@dataclass(slots=True)
class Terms:
    """What holds for every connection; may be changed at any time.

    Attributes:
        shards: how many shards `GET /gateway/bot` asks for.
        guilds_of_a_shard: a session that would hear of more guilds is closed by 4011.
        starts_at_once: sessions that may be begun within five seconds. The live service allows most bots one;
            discord.py waits of itself, and tests that restart a bot need not.
        heartbeat: seconds between a client's heartbeats.
        repeat: how many events a resumed session is told once more, of those that it knows already.
        deaf: heartbeats are not acknowledged, as on a connection that is dead and does not say so.
        starts: when sessions were begun, in the simulator's seconds.
    """

    shards: int = 1
    guilds_of_a_shard: int = 2500
    starts_at_once: int = 16
    heartbeat: float = 41.25
    repeat: int = 0
    deaf: bool = False
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=STARTS))

    def left(self, now: float) -> int:
        """Sessions that may still be begun today."""
        return STARTS - sum(start > now - DAY for start in self.starts)
