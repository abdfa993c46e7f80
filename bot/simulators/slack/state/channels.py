"""The places of a workspace where messages stand."""

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["channel", "group", "im", "mpim"]
"""A public channel, a private one, a conversation of two, a conversation of several."""

SCOPES = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}
"""How a scope begins that covers a kind, as in `channels:history`; so do the names of message events."""

TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
"""The kinds by the name that `types` arguments give them."""


@dataclass(slots=True)
class Channel:
    """A conversation. `shared_with` holds the other workspaces of a Slack Connect channel."""

    id: str
    name: str
    kind: Kind
    created: int
    members: set[str] = field(default_factory=set)
    archived: bool = False
    shared_with: frozenset[str] = frozenset()
    topic: str = ""

    def scope(self, right: str) -> str:
        """The scope that a right to this conversation needs: `history`, `read` or `write`."""
        return f"{SCOPES[self.kind]}:{right}"

    def to_json(self, viewer: str, team: str) -> dict[str, Any]:
        """The conversation object, as a member or a visitor sees it."""
        common: dict[str, Any] = {
            "id": self.id,
            "created": self.created,
            "is_archived": self.archived,
            "is_im": self.kind == "im",
            "is_org_shared": False,
            "context_team_id": team,
        }
        if self.kind == "im":
            others = sorted(self.members - {viewer})
            return {**common, "user": others[0] if others else viewer, "is_user_deleted": False}
        return {
            **common,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_general": self.name == "general",
            "is_member": viewer in self.members,
            "is_shared": bool(self.shared_with),
            "is_ext_shared": bool(self.shared_with),
            "shared_team_ids": sorted({team, *self.shared_with}),
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }
