"""Users, and what they are in a guild."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulators.discord.snowflakes import iso

Json = dict[str, Any]


@dataclass(slots=True)
class User:
    """Somebody with an account. `open` says whether they take direct messages."""

    id: str
    name: str
    bot: bool = False
    open: bool = True

    @property
    def handle(self) -> str:
        """What finds them behind an `@`: their name in lower case, with dots for blanks."""
        return self.name.lower().replace(" ", ".")

    @property
    def mention(self) -> str:
        """How a message names them."""
        return f"<@{self.id}>"

    def to_json(self) -> Json:
        """The user object."""
        return {
            "id": self.id,
            "username": self.handle,
            "global_name": None if self.bot else self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
            "system": False,
            "public_flags": 0,
        }


@dataclass(slots=True)
class Role:
    """A role of a guild. The one with the guild's own id is everybody's."""

    id: str
    name: str
    permissions: int
    position: int
    managed: bool = False
    mentionable: bool = False

    def to_json(self) -> Json:
        """The role object."""
        return {
            "id": self.id,
            "name": self.name,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "position": self.position,
            "permissions": str(self.permissions),
            "managed": self.managed,
            "mentionable": self.mentionable,
            "flags": 0,
        }


@dataclass(slots=True)
class Member:
    """A user in a guild, with the ids of their roles; everybody's role is not among them."""

    user: User
    joined: float
    roles: list[str] = field(default_factory=list)

    def to_json(self, *, with_user: bool = True) -> Json:
        """The member object; beside a message's author it comes without the user."""
        body: Json = {
            "nick": None,
            "avatar": None,
            "banner": None,
            "roles": list(self.roles),
            "joined_at": iso(self.joined),
            "premium_since": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "pending": False,
            "communication_disabled_until": None,
        }
        return {"user": self.user.to_json(), **body} if with_user else body
