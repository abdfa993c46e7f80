"""One connection from its hello to its end: identify, heartbeat, resume, and the rules of each."""

import json
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection

from bot.simulators.discord.gateway.links import Link
from bot.simulators.discord.gateway.sessions import Session, Sessions
from bot.simulators.discord.gateway.terms import REASONS, Closed, Terms
from bot.simulators.discord.rules import intents
from bot.simulators.discord.snowflakes import shard_of
from bot.simulators.discord.state.world import World

Json = dict[str, Any]

SENDS = 120
SEND_SECONDS = 60.0
LARGEST = 4096
"""Bytes of a payload from the client."""
START_SECONDS = 5.0

MEMBERS = 8
_LATER = frozenset({3, 4, MEMBERS, 31})
"""Opcodes of a client that has identified: presence, voice, members, sounds."""


def check_query(query: Mapping[str, list[str]]) -> None:
    """Refuse a version, an encoding or a compression that is not spoken here.

    Raises:
        Closed: 4012 or 4002.
    """
    if query.get("v") not in (["9"], ["10"]):
        raise Closed(4012)
    spoken = query.get("encoding", ["json"]) == ["json"]
    if not spoken or query.get("compress", ["zlib-stream"]) != ["zlib-stream"]:
        raise Closed(4002)


class Visit:
    """One connection from its hello to its end."""

    def __init__(self, url: str, terms: Terms, sessions: Sessions, world: World, link: Link) -> None:
        self.link = link
        self._url = url
        self._terms = terms
        self._sessions = sessions
        self._world = world
        self._session: Session | None = None
        self._sent: deque[float] = deque()

    def listen(self, connection: ServerConnection) -> None:
        """Take what the client sends, until it is gone.

        Raises:
            Closed: for the first rule that it breaks.
        """
        interval = self._terms.heartbeat
        self.link.put({"op": 10, "d": {"heartbeat_interval": int(interval * 1000)}, "s": None, "t": None})
        while True:
            try:
                raw = connection.recv(timeout=interval * 1.5)
            except TimeoutError:
                raise Closed(4009) from None
            except (ConnectionClosed, OSError):
                return
            self._take(raw if isinstance(raw, bytes) else raw.encode())

    def leave(self, connection: ServerConnection) -> None:
        """Keep the session for a resume, or end it where the client said goodbye."""
        session = self._session
        if session is None:
            return
        with self._sessions.changed:
            if session.link is self.link:
                session.lose(self._world.clock.now())
            self._sessions.changed.notify_all()
        # A client that says goodbye in the usual way will not come back for what it missed.
        if connection.close_code in (1000, 1001) and connection.protocol.close_rcvd_then_sent:
            self._sessions.end(session)

    def _take(self, raw: bytes) -> None:
        if len(raw) > LARGEST:
            raise Closed(4002)
        try:
            payload = json.loads(raw)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError):
            raise Closed(4002) from None
        now = self._world.clock.now()
        self._sent.append(now)
        while self._sent[0] < now - SEND_SECONDS:
            self._sent.popleft()
        if len(self._sent) > SENDS:
            raise Closed(4008)
        deeds: dict[int, Callable[[Any], None]] = {1: self._heartbeat, 2: self._identify, 6: self._resume}
        if op in deeds:
            deeds[op](data)
        elif op not in _LATER:
            raise Closed(4001)
        elif self._session is None:
            raise Closed(4003)
        elif op == MEMBERS:
            self._members(self._session, data)

    def _heartbeat(self, _number: Any) -> None:
        if not self._terms.deaf:
            self.link.put({"op": 11, "d": None, "s": None, "t": None})

    def _identify(self, data: Any) -> None:
        if self._session:
            raise Closed(4005)
        if not isinstance(data, dict) or not {"token", "properties", "intents"} <= data.keys():
            raise Closed(4002 if not isinstance(data, dict) or "intents" in data else 4013)
        terms, world = self._terms, self._world
        wanted = data["intents"]
        shard, shards = data.get("shard") or (0, 1)
        self._check(str(data["token"]), wanted)
        if not 0 <= shard < shards:
            raise Closed(4010)
        with world.changed:
            guilds = [guild for guild in world.guilds.values() if world.bot.id in guild.members]
            own = [guild for guild in guilds if shard_of(guild.id, shards) == shard]
            if len(own) > terms.guilds_of_a_shard:
                raise Closed(4011)
            now = world.clock.now()
            recent = sum(start > now - START_SECONDS for start in terms.starts)
            if recent >= terms.starts_at_once or not terms.left(now):
                world.record.finding("gateway session start", "too many sessions were begun in a short time")
                self.link.put({"op": 9, "d": False, "s": None, "t": None})
                return
            terms.starts.append(now)
            self._session = session = Session(wanted, shard, shards, self.link)
            session.tell("READY", self._ready(session, [guild.id for guild in own]))
            for guild in own:
                event = world.guild_event(guild)
                if session.hears(event):
                    session.tell(event.name, event.body(wanted))
            self._sessions.add(session)

    def _check(self, token: str, wanted: Any) -> None:
        app = self._world.app
        if token.removeprefix("Bot ") != app.token:
            raise Closed(4004)
        if not isinstance(wanted, int) or wanted & ~intents.ALL:
            raise Closed(4013)
        if wanted & intents.PRIVILEGED & ~app.intents:
            raise Closed(4014)

    def _resume(self, data: Any) -> None:
        if self._session:
            raise Closed(4005)
        if not isinstance(data, dict) or not {"token", "session_id", "seq"} <= data.keys():
            raise Closed(4002)
        if str(data["token"]).removeprefix("Bot ") != self._world.app.token:
            raise Closed(4004)
        with self._world.changed, self._sessions.changed:
            session = self._sessions.find(str(data["session_id"]), self._world.clock.now())
            if session is None:
                self.link.put({"op": 9, "d": False, "s": None, "t": None})
                return
            heard = data["seq"]
            if not isinstance(heard, int) or heard > session.number:
                raise Closed(4007)
            if session.link:
                session.link.close(4000, REASONS[4000])
            for payload in session.log:
                if payload["s"] > heard - self._terms.repeat:
                    self.link.put(payload)
            session.link = self.link
            self._session = session
            session.tell("RESUMED", {"_trace": []})
            self._sessions.changed.notify_all()

    def _ready(self, session: Session, guilds: list[str]) -> Json:
        app = self._world.app
        user = {**self._world.bot.to_json(), "verified": True, "mfa_enabled": False, "email": None}
        return {
            "v": 10,
            "user": user,
            "guilds": [{"id": guild, "unavailable": True} for guild in guilds],
            "private_channels": [],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._url,
            "shard": [session.shard, session.shards],
            "application": {"id": app.id, "flags": app.flags},
        }

    def _members(self, session: Session, data: Any) -> None:
        with self._world.changed, suppress(KeyError, AttributeError):
            guild = self._world.guilds[str(data["guild_id"])]
            wanted = data.get("user_ids")
            names = {str(one) for one in wanted} if isinstance(wanted, list) else {str(wanted)}
            start = str(data.get("query") or "")
            members = [
                member
                for member in guild.members.values()
                if (member.user.id in names if wanted else member.user.handle.startswith(start))
            ]
            limit = data.get("limit") or len(members)
            body: Json = {
                "guild_id": guild.id,
                "members": [member.to_json() for member in members[:limit]],
                "chunk_index": 0,
                "chunk_count": 1,
                "not_found": [],
            }
            if data.get("nonce"):
                body["nonce"] = data["nonce"]
            session.tell("GUILD_MEMBERS_CHUNK", body)
