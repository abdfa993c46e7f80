"""The people and bots of a workspace, and their user groups."""

from dataclasses import dataclass, field
from typing import Any, Literal

Guest = Literal["", "multi", "single"]
"""Whether somebody is a guest: no, in several channels, or in a single one."""


@dataclass(slots=True)
class User:
    """A person, or a bot's own user. `team` is their home workspace: another one's for a stranger.

    `confirmed` says that the workspace has verified their e-mail address.
    """

    id: str
    team: str
    name: str
    real_name: str
    email: str = ""
    admin: bool = False
    guest: Guest = ""
    bot_id: str = ""
    deactivated: bool = False
    timezone: str = "Europe/Amsterdam"
    confirmed: bool = True

    @property
    def mention(self) -> str:
        """What a message carries to mention them."""
        return f"<@{self.id}>"

    def to_json(self, workspace: str, *, with_email: bool) -> dict[str, Any]:
        """The user object, as a given workspace's app sees it."""
        profile: dict[str, Any] = {
            "real_name": self.real_name,
            "display_name": self.name,
            "real_name_normalized": self.real_name,
            "display_name_normalized": self.name,
            "team": self.team,
        }
        if self.email and with_email:
            profile["email"] = self.email
        if self.bot_id:
            profile["bot_id"] = self.bot_id
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.deactivated,
            "tz": self.timezone,
            "profile": profile,
            "is_admin": self.admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": bool(self.guest),
            "is_ultra_restricted": self.guest == "single",
            "is_bot": bool(self.bot_id),
            "is_app_user": False,
            "is_email_confirmed": self.confirmed,
            "is_stranger": self.team != workspace,
        }


@dataclass(slots=True)
class UserGroup:
    """A user group, such as a channel's experts."""

    id: str
    team: str
    handle: str
    users: list[str] = field(default_factory=list)

    @property
    def mention(self) -> str:
        """What a message carries to mention them."""
        return f"<!subteam^{self.id}>"

    def to_json(self) -> dict[str, Any]:
        """The user group object."""
        return {
            "id": self.id,
            "team_id": self.team,
            "is_usergroup": True,
            "name": self.handle,
            "handle": self.handle,
            "users": self.users,
            "user_count": len(self.users),
            "date_delete": 0,
        }
