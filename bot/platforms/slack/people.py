"""Who somebody in Slack is: what they are called, where their clock stands, and whether they are a guest."""

import datetime as dt
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.platforms.slack.calls import Refused, SlackCalls
from bot.platforms.slack.timeline import Timeline
from core.errors import MessageGone, Unwelcome

_REMEMBERED_SECONDS = 600.0
_MOST = 10_000

_NOBODY_KNOWN = "somebody"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a workspace knows them. `full` is whether they may look into every public channel."""

    name: str = _NOBODY_KNOWN
    zone: dt.tzinfo = dt.UTC
    full: bool = False


class People:
    """Looks people up and remembers them for ten minutes. May be called from several threads."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[float, Person]] = {}
        self._insiders: dict[str, tuple[float, frozenset[str]]] = {}
        self._lock = threading.Lock()

    def person(self, calls: SlackCalls, workspace: str, user: str) -> Person:
        """Somebody by id; who cannot be looked up has no name and no rights.

        Raises:
            Unavailable: Slack does not answer.
        """
        now = time.monotonic()
        with self._lock:
            asked, person = self._known.get((workspace, user), (-_REMEMBERED_SECONDS, Person()))
        if now - asked < _REMEMBERED_SECONDS:
            return person
        person = _looked_up(calls, workspace, user)
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[workspace, user] = (now, person)
        return person

    def insiders(self, timeline: Timeline, workspace: str) -> frozenset[str]:
        """Ids of all who may look into every public channel of a workspace, and of its bots.

        Raises:
            Unavailable: Slack does not answer.
            Unwelcome: Slack does not say who is there.
        """
        now = time.monotonic()
        with self._lock:
            asked, found = self._insiders.get(workspace, (-_REMEMBERED_SECONDS, frozenset()))
        if now - asked < _REMEMBERED_SECONDS:
            return found
        every = list(timeline.people())
        found = frozenset(
            str(each["id"]) for each in every if each.get("is_bot") or _person(each, workspace).full
        )
        with self._lock:
            self._insiders[workspace] = (now, found)
        return found


def _looked_up(calls: SlackCalls, workspace: str, user: str) -> Person:
    try:
        found = calls.read("users.info", user=user).get("user") or {}
    except (Refused, Unwelcome, MessageGone):
        return Person()
    return _person(found, workspace)


def _person(found: Mapping[str, Any], workspace: str) -> Person:
    profile = found.get("profile") or {}
    names = (profile.get("display_name"), found.get("real_name"), found.get("name"), _NOBODY_KNOWN)
    guest = found.get("is_restricted") or found.get("is_ultra_restricted") or found.get("is_stranger")
    at_home = found.get("team_id", workspace) == workspace
    full = at_home and not guest and not found.get("deleted") and not found.get("is_bot")
    return Person(" ".join(str(next(filter(None, names))).split()), _zone(str(found.get("tz") or "")), full)


def _zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name) if name else dt.UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC
