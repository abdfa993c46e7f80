"""Gateway sessions: what each was told, so that it can go on where a connection was lost."""

import secrets
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.simulators.discord.gateway.links import Link
from bot.simulators.discord.snowflakes import shard_of
from bot.simulators.discord.state.events import Event

Json = dict[str, Any]

KEPT = 1000
"""Events that a session can be told again."""
RESUME_SECONDS = 180.0
"""How long a session without a connection can be resumed; undocumented, a few minutes."""


@dataclass(slots=True)
class Session:
    """One session: what one client asked to hear, and what it has been told.

    Attributes:
        link: its connection; None while it has none.
        lost_at: when the last connection was lost, in the simulator's seconds.
        log: the payloads of the events told, oldest first, each with its number in `s`.
    """

    intents: int
    shard: int
    shards: int
    link: Link | None
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    number: int = 0
    lost_at: float = 0.0
    log: deque[Json] = field(default_factory=lambda: deque(maxlen=KEPT))

    def hears(self, event: Event) -> bool:
        """Whether the event is for it: by intent, and by shard."""
        inside = not event.intent or bool(self.intents & event.intent)
        return inside and shard_of(event.guild, self.shards) == self.shard

    def tell(self, name: str, body: Json) -> None:
        """Tell it of something, now or when it is resumed."""
        self.number += 1
        payload = {"op": 0, "t": name, "s": self.number, "d": body}
        self.log.append(payload)
        if self.link:
            self.link.put(payload)

    def lose(self, now: float) -> None:
        """Go on without a connection, until it is resumed."""
        self.link, self.lost_at = None, now


class Sessions:
    """All sessions that are open or can be resumed."""

    def __init__(self) -> None:
        self.changed = threading.Condition(threading.RLock())
        self._all: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        """Keep a new session."""
        with self.changed:
            self._all[session.id] = session
            self.changed.notify_all()

    def find(self, session_id: str, now: float) -> Session | None:
        """A session that can be resumed."""
        session = self._all.get(session_id)
        if session is None or (not session.link and now - session.lost_at > RESUME_SECONDS):
            return None
        return session

    def end(self, session: Session) -> None:
        """Forget a session: it cannot be resumed."""
        with self.changed:
            self._all.pop(session.id, None)
            self.changed.notify_all()

    def open(self) -> list[Session]:
        """The sessions that have a connection."""
        return [session for session in list(self._all.values()) if session.link]

    def tell(self, event: Event) -> None:
        """Tell every session of an event that is for it."""
        with self.changed:
            for session in self._all.values():
                if session.hears(event):
                    session.tell(event.name, event.body(session.intents))
