"""Channels, forums, threads and direct conversations."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulators.discord.snowflakes import created, iso

Json = dict[str, Any]

TEXT = 0
DIRECT = 1
VOICE = 2
CATEGORY = 4
ANNOUNCEMENT = 5
ANNOUNCEMENT_THREAD = 10
PUBLIC_THREAD = 11
PRIVATE_THREAD = 12
FORUM = 15
MEDIA = 16

THREADS = frozenset({ANNOUNCEMENT_THREAD, PUBLIC_THREAD, PRIVATE_THREAD})
FORUMS = frozenset({FORUM, MEDIA})


@dataclass(frozen=True, slots=True)
class Overwrite:
    """An exception in one channel for a role (`kind` 0) or a member (1)."""

    id: str
    kind: int
    allow: int = 0
    deny: int = 0

    def to_json(self) -> Json:
        """The overwrite object."""
        return {"id": self.id, "type": self.kind, "allow": str(self.allow), "deny": str(self.deny)}


@dataclass(slots=True)
class Channel:
    """A place where messages stand. `guild` is empty for a direct conversation.

    Attributes:
        members: user ids: who is in a thread, or the two of a direct conversation.
        parent: the channel or forum of a thread, or a channel's category.
        archive_minutes: when a thread without messages is archived.
        tags: of a forum, all there are, as Discord's objects; `applied` are the ids of a post's own.
    """

    id: str
    kind: int
    name: str
    guild: str = ""
    parent: str = ""
    topic: str = ""
    position: int = 0
    overwrites: dict[str, Overwrite] = field(default_factory=dict)
    members: dict[str, float] = field(default_factory=dict)
    owner: str = ""
    archived: bool = False
    locked: bool = False
    archive_minutes: int = 1440
    archived_at: float = 0.0
    last_message: str = ""
    message_count: int = 0
    tags: list[Json] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)
    nsfw: bool = False

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread, or a forum's post."""
        return self.kind in THREADS

    @property
    def is_private_thread(self) -> bool:
        """Whether only its members see it."""
        return self.kind == PRIVATE_THREAD

    @property
    def is_forum(self) -> bool:
        """Whether it takes posts, and no messages of its own."""
        return self.kind in FORUMS

    @property
    def mention(self) -> str:
        """How a message names it."""
        return f"<#{self.id}>"

    def to_json(self, viewer: str = "") -> Json:
        """The channel object; a thread's says whether the viewer is a member. Direct ones: see `World`."""
        common: Json = {
            "id": self.id,
            "type": self.kind,
            "guild_id": self.guild,
            "name": self.name,
            "parent_id": self.parent or None,
            "last_message_id": self.last_message or None,
            "rate_limit_per_user": 0,
            "flags": 0,
        }
        if self.is_thread:
            return common | self._thread(viewer)
        body = common | {
            "position": self.position,
            "topic": self.topic or None,
            "nsfw": self.nsfw,
            "permission_overwrites": [overwrite.to_json() for overwrite in self.overwrites.values()],
        }
        if self.is_forum:
            body |= {
                "available_tags": self.tags,
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
                "default_auto_archive_duration": 1440,
            }
        if self.kind == VOICE:
            body |= {"bitrate": 64000, "user_limit": 0}
        return body

    def member_json(self, user: str) -> Json:
        """The thread member object."""
        return {
            "id": self.id,
            "user_id": user,
            "join_timestamp": iso(self.members[user]),
            "flags": 0,
        }

    def _thread(self, viewer: str) -> Json:
        body: Json = {
            "owner_id": self.owner,
            "message_count": self.message_count,
            "member_count": len(self.members),
            "total_message_sent": self.message_count,
            "thread_metadata": {
                "archived": self.archived,
                "archive_timestamp": iso(self.archived_at or created(self.id)),
                "auto_archive_duration": self.archive_minutes,
                "locked": self.locked,
                "create_timestamp": iso(created(self.id)),
            },
            "applied_tags": list(self.applied),
        }
        if self.is_private_thread:
            body["thread_metadata"]["invitable"] = True
        if viewer in self.members:
            body["member"] = self.member_json(viewer)
        return body
