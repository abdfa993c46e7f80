"""A guild: its roles, members and channels."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulators.discord.errors import unknown
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.snowflakes import iso
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.people import Member, Role

Json = dict[str, Any]


@dataclass(slots=True)
class Guild:
    """One guild. `channels` holds threads too, by id; `owner` may do everything."""

    id: str
    name: str
    owner: str = ""
    roles: dict[str, Role] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    def member(self, user: str) -> Member:
        """A member by the user's id.

        Raises:
            DiscordError: 10007.
        """
        if user not in self.members:
            raise unknown("member")
        return self.members[user]

    def permissions(self, user: str, channel: Channel | None = None) -> int:
        """What somebody may do in the guild, or in one of its channels; nothing for a stranger.

        A thread has the permissions of its parent; a private one is seen by its members and by those who
        manage threads.
        """
        member = self.members.get(user)
        if member is None:
            return 0
        if user == self.owner:
            return permissions.ALL
        place = self.channels.get(channel.parent, channel) if channel and channel.is_thread else channel
        bits = permissions.compute(
            [self.roles[role].permissions for role in (self.id, *member.roles)],
            place.overwrites if place else {},
            everyone=self.id,
            roles=member.roles,
            member=user,
        )
        if channel and channel.is_private_thread and user not in channel.members:
            return bits if bits & permissions.MANAGE_THREADS else 0
        return bits

    def to_json(self) -> Json:
        """The guild object of the REST API."""
        return {
            "id": self.id,
            "name": self.name,
            "icon": None,
            "splash": None,
            "discovery_splash": None,
            "banner": None,
            "description": None,
            "owner_id": self.owner,
            "afk_channel_id": None,
            "afk_timeout": 300,
            "verification_level": 0,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "roles": [role.to_json() for role in self.roles.values()],
            "emojis": [],
            "stickers": [],
            "features": [],
            "mfa_level": 0,
            "system_channel_id": None,
            "system_channel_flags": 0,
            "rules_channel_id": None,
            "public_updates_channel_id": None,
            "safety_alerts_channel_id": None,
            "vanity_url_code": None,
            "premium_tier": 0,
            "premium_progress_bar_enabled": False,
            "preferred_locale": "en-US",
            "nsfw_level": 0,
            "application_id": None,
        }

    def to_event(self, viewer: str, *, members: bool) -> Json:
        """The guild object of `GUILD_CREATE`, as one member sees it: with channels and threads.

        Without the intent for them, the only member in it is the viewer.
        """
        seen = [
            channel
            for channel in self.channels.values()
            if self.permissions(viewer, channel) & permissions.VIEW_CHANNEL
        ]
        return {
            **self.to_json(),
            "joined_at": iso(self.members[viewer].joined),
            "large": False,
            "unavailable": False,
            "member_count": len(self.members),
            "members": [
                member.to_json() for member in self.members.values() if members or member.user.id == viewer
            ],
            "channels": [channel.to_json() for channel in seen if not channel.is_thread],
            "threads": [
                channel.to_json(viewer) for channel in seen if channel.is_thread and not channel.archived
            ],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }
