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

REMEMBERED_SECONDS = 30.0
"""Half of the minute within which a change of rights counts."""

_MOST = 10_000

_NOBODY_KNOWN = "somebody"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as a workspace knows them.

    Attributes:
        name: what people call them.
        zone: where their clock stands.
        full: whether they may look into every public channel.
        email: their address, where the workspace is their home and has verified it.
        reads: whether it is a person who can read there now: no bot, and nobody who has left.
    """

    name: str = _NOBODY_KNOWN
    zone: dt.tzinfo = dt.UTC
    full: bool = False
    email: str = ""
    reads: bool = True


class People:
    """Looks people up and remembers them for half a minute. May be called from several threads."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[float, Person]] = {}
        self._everybody: dict[str, tuple[float, Mapping[str, Person]]] = {}
        self._lock = threading.Lock()

    def person(self, calls: SlackCalls, workspace: str, user: str) -> Person:
        """Somebody by id; who cannot be looked up has no name and no rights.

        Raises:
            Unavailable: Slack does not answer.
        """
        now = time.monotonic()
        with self._lock:
            asked, person = self._known.get((workspace, user), (-REMEMBERED_SECONDS, Person()))
        if now - asked < REMEMBERED_SECONDS:
            return person
        person = _looked_up(calls, workspace, user)
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[workspace, user] = (now, person)
        return person

    def everybody(self, timeline: Timeline, workspace: str) -> Mapping[str, Person]:
        """All people and bots that a workspace knows, by id.

        Raises:
            Unavailable: Slack does not answer.
            Unwelcome: Slack does not say who is there.
        """
        now = time.monotonic()
        with self._lock:
            asked, found = self._everybody.get(workspace, (-REMEMBERED_SECONDS, {}))
        if now - asked < REMEMBERED_SECONDS:
            return found
        found = {str(each["id"]): _person(each, workspace) for each in timeline.people()}
        with self._lock:
            self._everybody[workspace] = (now, found)
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
    reads = not found.get("deleted") and not found.get("is_bot")
    # Another workspace's admins can give their people any address, so theirs says nothing.
    verified = at_home and reads and found.get("is_email_confirmed") and not found.get("is_stranger")
    return Person(
        name=" ".join(str(next(filter(None, names))).split()),
        zone=_zone(str(found.get("tz") or "")),
        full=bool(at_home and not guest and reads),
        email=str(profile.get("email") or "") if verified else "",
        reads=bool(reads),
    )


def _zone(name: str) -> dt.tzinfo:
    try:
        return ZoneInfo(name) if name else dt.UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC
