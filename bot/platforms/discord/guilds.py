"""Servers as Discord describes them, and who may look into which of their channels."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.discord.calls import DiscordCalls, Refused
from core.errors import MessageGone, Unavailable, Unwelcome

_ADMINISTRATOR, _VIEW = 1 << 3, 1 << 10
_REMEMBERED_SECONDS = 60.0
_MOST = 10_000

_PATIENCE, _LONGEST_WAIT = 10, 120.0
"""How often in a row a sync waits for Discord, and for how many seconds at most."""

NOT_THERE = (Refused, MessageGone, Unwelcome)
"""What Discord answers about what is not there, or not for Candor."""


@dataclass(frozen=True, slots=True)
class Guild:
    """One server.

    Attributes:
        id: its own, which is that of the role which everybody has, too.
        owner: the id of the person whom it belongs to.
        roles: what each role may do, by its id, as Discord's bits.
        channels: its channels by id, without threads.
    """

    id: str
    owner: str
    roles: Mapping[str, int]
    channels: Mapping[str, Mapping[str, Any]]

    def named(self, name: str) -> str:
        """The id of the channel that a name or an id means; empty where there is none."""
        wanted = name.removeprefix("#")
        found = (key for key, each in self.channels.items() if wanted in (key, each.get("name")))
        return next(found, "")

    def is_open(self, channel: str) -> bool:
        """Whether every member may look into a channel, with no exception for anybody."""
        bits = self.roles.get(self.id, 0)
        for each in self.channels.get(channel, {}).get("permission_overwrites") or []:
            if each["id"] == self.id:
                bits = bits & ~int(each["deny"]) | int(each["allow"])
            elif int(each["deny"]) & _VIEW:
                return False
        return channel in self.channels and bool(bits & _VIEW)

    def may_view(self, channel: str, person: str, roles: frozenset[str]) -> bool:
        """Whether a member with these roles may look into a channel.

        The order is Discord's own
        (https://docs.discord.com/developers/topics/permissions#permission-overwrites).
        """
        if channel not in self.channels:
            return False
        bits = self.roles.get(self.id, 0)
        for role in roles:
            bits |= self.roles.get(role, 0)
        if person == self.owner or bits & _ADMINISTRATOR:
            return True
        exceptions = {each["id"]: each for each in self.channels[channel].get("permission_overwrites") or []}
        for names in ([self.id], roles - {self.id}, [person]):
            given = [exceptions[name] for name in names if name in exceptions]
            for each in given:
                bits &= ~int(each["deny"])
            for each in given:
                bits |= int(each["allow"])
        return bool(bits & _VIEW)


@dataclass(slots=True)
class Guilds:
    """Looks servers and their members up, and remembers them for a minute. For several threads.

    Attributes:
        calls: the API.
        pause: waits for so many seconds when Discord asks for it; None raises Unavailable instead.
    """

    calls: DiscordCalls
    pause: Callable[[float], object] | None = None
    _known: dict[str, tuple[float, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def all(self) -> list[str]:
        """Ids of the servers that Candor is in."""
        return [str(each["id"]) for each in self._remembered("/users/@me/guilds")]

    def of(self, guild: str) -> Guild:
        """One server.

        Raises:
            Unavailable: Discord does not answer.
            Unwelcome, Refused: there is none, or Candor is not in it.
        """
        base = f"/guilds/{guild}"
        told, channels = self._remembered(base), self._remembered(f"{base}/channels")
        roles = {str(role["id"]): int(role["permissions"]) for role in told.get("roles") or []}
        by_id = {str(each["id"]): each for each in channels}
        return Guild(guild, str(told.get("owner_id") or ""), roles, by_id)

    def roles(self, guild: str, person: str) -> frozenset[str] | None:
        """The roles of a member; None for somebody who is none.

        Raises:
            Unavailable: Discord does not answer.
        """
        try:
            member = self._remembered(f"/guilds/{guild}/members/{person}")
        except NOT_THERE:
            return None
        return frozenset(map(str, member.get("roles") or []))

    def read(self, path: str, **query: Any) -> Any:
        """Look something up, as patiently as `pause` allows."""
        for waited in range(_PATIENCE + 1):
            try:
                return self.calls.read(path, **query)
            except Unavailable as error:
                if self.pause is None or not error.after or waited == _PATIENCE:
                    raise
                self.pause(min(error.after, _LONGEST_WAIT))
        raise AssertionError  # the last turn of the loop returns or raises

    def _remembered(self, path: str) -> Any:
        now = time.monotonic()
        with self._lock:
            asked, found = self._known.get(path, (-_REMEMBERED_SECONDS, None))
        if now - asked < _REMEMBERED_SECONDS:
            return found
        found = self.read(path)
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[path] = (now, found)
        return found
