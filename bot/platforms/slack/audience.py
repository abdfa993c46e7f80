"""Who can read a reply in Slack, as reader groups: the workspace's, its private channels', the ledger's."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.audience import audience
from bot.platforms.slack import PLATFORM
from bot.platforms.slack.people import REMEMBERED_SECONDS, People, Person
from bot.platforms.slack.timeline import Timeline
from core import log
from core.errors import CandorError
from core.messages import Address, Audience, Question
from ledger.groups import Groups, Place

_log = log.get(__name__)

_MOST = 10_000
_NOTHING = Audience(groups=())


def workspace_group(workspace: str) -> str:
    """The group of all who may look into every public channel of a workspace: its people but the guests."""
    return f"{PLATFORM}:{workspace}"


def channel_group(workspace: str, channel: str) -> str:
    """The group of a private channel's members."""
    return f"{PLATFORM}:{workspace}/{channel}"


@dataclass(slots=True)
class Readers:
    """Finds who can see a reply and what they belong to, and remembers it for half a minute.

    What cannot be found out is no group: then less is found, and nothing shown to anybody who may not see it.
    May be called from several threads.

    Attributes:
        people: who is there.
        groups: the ledger's groups, by verified e-mail address.
    """

    people: People
    groups: Groups | None = None
    _known: dict[tuple[str, str, str], tuple[float, Audience]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, question: Question, timeline: Timeline) -> Audience:
        """The audience of a reply: the question's own groups, and those that everyone belongs to."""
        here, asker = question.address, question.asker.id
        alone = bool(here.handle) or here.channel.startswith("D")
        key = (here.workspace, "" if alone else here.channel, asker if alone else "")
        now = time.monotonic()
        with self._lock:
            asked, found = self._known.get(key, (-REMEMBERED_SECONDS, _NOTHING))
        if now - asked >= REMEMBERED_SECONDS:
            try:
                found = self._of_asker(here, asker, timeline) if alone else self._of_channel(here, timeline)
            except CandorError as error:
                _log.warning("answered from what everybody may read", error=str(error))
                return question.audience
            with self._lock:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[key] = (now, found)
        groups = tuple(dict.fromkeys((*question.audience.groups, *found.groups)))
        return Audience(groups=groups, people=found.people)

    def _of_asker(self, here: Address, asker: str, timeline: Timeline) -> Audience:
        person = self.people.person(timeline.calls, here.workspace, asker)
        own = [workspace_group(here.workspace)] if person.full else []
        private = timeline.channels("private_channel", user=asker)
        own += [channel_group(here.workspace, str(channel["id"])) for channel in private]
        return audience(own, self._belonging(here, {asker: person}))

    def _of_channel(self, here: Address, timeline: Timeline) -> Audience:
        """In a channel with a guest or with another workspace, not all may look into every public channel.

        A public channel is read by the whole workspace, whoever is in it.
        """
        channel = timeline.channel(here.channel)
        shared = channel.get("is_ext_shared") or channel.get("is_shared") or channel.get("is_org_shared")
        private = bool(channel.get("is_private") or channel.get("is_im") or channel.get("is_mpim"))
        everybody = self.people.everybody(timeline, here.workspace)
        inside = {id_: everybody.get(id_, Person()) for id_ in timeline.members(here.channel)}
        own = [channel_group(here.workspace, here.channel)] if channel.get("is_private") else []
        if shared:
            return Audience(groups=tuple(own))
        if all(person.full or not person.reads for person in inside.values()):
            own.append(workspace_group(here.workspace))
        readers = inside if private else {**everybody, **inside}
        return audience(own, self._belonging(here, readers))

    def _belonging(self, here: Address, readers: Mapping[str, Person]) -> list[frozenset[str]]:
        """The ledger's groups of everyone who reads."""
        place = Place(PLATFORM, here.workspace)
        emails = {id_: person.email for id_, person in readers.items() if person.reads}
        if self.groups is None or not self.groups.any(place):
            return []
        return list(self.groups.of(place, emails).values())
