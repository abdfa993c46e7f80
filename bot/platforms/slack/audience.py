"""Who can read a reply in Slack, as reader groups: the workspace's, and those of its private channels."""

import threading
import time
from dataclasses import dataclass, field

from bot.platforms.slack import PLATFORM
from bot.platforms.slack.people import People
from bot.platforms.slack.timeline import Timeline
from core import log
from core.errors import CandorError
from core.messages import Address, Question

_log = log.get(__name__)

_REMEMBERED_SECONDS = 60.0
_MOST = 10_000


def workspace_group(workspace: str) -> str:
    """The group of all who may look into every public channel of a workspace: its people but the guests."""
    return f"{PLATFORM}:{workspace}"


def channel_group(workspace: str, channel: str) -> str:
    """The group of a private channel's members."""
    return f"{PLATFORM}:{workspace}/{channel}"


@dataclass(slots=True)
class Groups:
    """Finds the groups to which all belong who can see a reply, and remembers them for a minute.

    What cannot be found out is no group: then less is found, and nothing shown to anybody who may not see it.
    May be called from several threads.
    """

    people: People
    _known: dict[tuple[str, str, str], tuple[float, tuple[str, ...]]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, question: Question, timeline: Timeline) -> tuple[str, ...]:
        """The groups beside those that the question brought with it."""
        here, asker = question.address, question.asker.id
        alone = bool(here.handle) or here.channel.startswith("D")
        key = (here.workspace, "" if alone else here.channel, asker if alone else "")
        now = time.monotonic()
        with self._lock:
            asked, groups = self._known.get(key, (-_REMEMBERED_SECONDS, ()))
        if now - asked < _REMEMBERED_SECONDS:
            return groups
        try:
            found = self._of_asker(here, asker, timeline) if alone else self._of_channel(here, timeline)
        except CandorError as error:
            _log.warning("answered from what everybody may read", error=str(error))
            return ()
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (now, found)
        return found

    def _of_asker(self, here: Address, asker: str, timeline: Timeline) -> tuple[str, ...]:
        full = self.people.person(timeline.calls, here.workspace, asker).full
        own = [workspace_group(here.workspace)] if full else []
        private = timeline.channels("private_channel", user=asker)
        return (*own, *(channel_group(here.workspace, str(channel["id"])) for channel in private))

    def _of_channel(self, here: Address, timeline: Timeline) -> tuple[str, ...]:
        """In a channel with a guest or with another workspace, not all may look into every public channel."""
        channel = timeline.channel(here.channel)
        shared = channel.get("is_ext_shared") or channel.get("is_shared") or channel.get("is_org_shared")
        insiders = self.people.insiders(timeline, here.workspace)
        closed = bool(shared) or any(member not in insiders for member in timeline.members(here.channel))
        own = [channel_group(here.workspace, here.channel)] if channel.get("is_private") else []
        return (*own, *([] if closed else [workspace_group(here.workspace)]))
