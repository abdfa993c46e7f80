"""Who and what there is in a workspace, and who may see it."""

import secrets
from collections.abc import Callable

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.state.channels import Channel, Kind
from bot.simulators.slack.state.people import Guest, User, UserGroup


def new_id(prefix: str) -> str:
    """An id as Slack makes them: a letter for the kind, then capitals and digits."""
    return f"{prefix}0{secrets.token_hex(5).upper()}"


class Directory:
    """Users, channels and user groups of one workspace."""

    def __init__(self, team: str, now: Callable[[], float]) -> None:
        self.team = team
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, UserGroup] = {}
        self._now = now

    def add_user(
        self, name: str, *, admin: bool = False, guest: Guest = "", team: str = "", bot_id: str = ""
    ) -> User:
        """A new person or bot; somebody of another workspace where `team` names one."""
        handle = name.lower().replace(" ", ".")
        email = "" if bot_id else f"{handle}@example.com"
        user = User(new_id("U"), team or self.team, handle, name, email, admin, guest, bot_id)
        self.users[user.id] = user
        return user

    def add_channel(self, name: str, kind: Kind, members: set[str], shared_with: frozenset[str]) -> Channel:
        """A new conversation."""
        prefix = "D" if kind == "im" else "C"
        channel = Channel(new_id(prefix), name, kind, int(self._now()), members, shared_with=shared_with)
        self.channels[channel.id] = channel
        return channel

    def add_group(self, handle: str, users: list[str]) -> UserGroup:
        """A new user group."""
        group = UserGroup(new_id("S"), self.team, handle, users)
        self.groups[group.id] = group
        return group

    def conversation(self, members: set[str]) -> Channel:
        """The direct conversation of exactly these people, begun when there is none yet."""
        kind: Kind = "im" if len(members) <= 2 else "mpim"  # noqa: PLR2004 - im: a conversation of two
        for channel in self.channels.values():
            if channel.kind == kind and channel.members == members:
                return channel
        name = "" if kind == "im" else "mpdm-" + "--".join(sorted(self.users[user].name for user in members))
        return self.add_channel(name, kind, set(members), frozenset())

    def user(self, user_id: str) -> User:
        """A user by id.

        Raises:
            SlackError: `user_not_found`.
        """
        if user_id not in self.users:
            raise SlackError("user_not_found")
        return self.users[user_id]

    def visible(self, channel_id: str, viewer: str) -> Channel:
        """A channel that somebody can know of: a public one, or one that they are in.

        Raises:
            SlackError: `channel_not_found`.
        """
        channel = self.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and viewer not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def names(self) -> dict[str, str]:
        """User ids by what people type after an `@`, in lower case."""
        return {user.name.lower(): user.id for user in self.users.values()}
