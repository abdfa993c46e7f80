"""All that there is on the simulated Discord, and where to find it."""

import threading
from collections.abc import Callable
from typing import Any

from bot.simulators.clock import Clock
from bot.simulators.discord.app import App
from bot.simulators.discord.errors import missing_access, unknown
from bot.simulators.discord.record import Record
from bot.simulators.discord.rules import intents, permissions
from bot.simulators.discord.snowflakes import Snowflakes
from bot.simulators.discord.state import channels
from bot.simulators.discord.state.channels import Channel, Overwrite
from bot.simulators.discord.state.commands import Commands
from bot.simulators.discord.state.events import Event, plain
from bot.simulators.discord.state.files import File
from bot.simulators.discord.state.guilds import Guild
from bot.simulators.discord.state.interactions import Interaction
from bot.simulators.discord.state.messages import Message
from bot.simulators.discord.state.people import Member, Role, User

Json = dict[str, Any]
Tell = Callable[[Event], None]


class World:
    """Users, guilds, channels and messages of everybody.

    Attributes:
        bot: the user that the app acts as.
        changed: held for every change, and notified after it.
        ephemeral: messages that one person alone sees, and `deleted` those that nobody sees any more.
        typing: until when somebody is shown as typing, by channel and user.
        nonces: the message that a nonce stands for and until when, by author, channel and nonce.
    """

    def __init__(self, app: App, clock: Clock, record: Record, base_url: str) -> None:
        self.app = app
        self.clock = clock
        self.record = record
        self.base_url = base_url
        self.ids = Snowflakes(clock.now)
        self.changed = threading.Condition(threading.RLock())
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.direct: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.ephemeral: list[Message] = []
        self.deleted: list[Message] = []
        self.typing: dict[tuple[str, str], float] = {}
        self.nonces: dict[tuple[str, str, str], tuple[Message, float]] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands = Commands(app.id, self.ids)
        self.bot = User(app.id, app.name, bot=True)
        self.users[app.id] = self.bot
        self._tell: Tell | None = None

    def connect(self, tell: Tell) -> None:
        """Have somebody told of every event from now on."""
        self._tell = tell

    def tell(self, event: Event) -> None:
        """Let the app know, as far as it asked to."""
        if self._tell:
            self._tell(event)

    def tell_in(self, channel: Channel, event: Event) -> None:
        """Let the app know of what happens in a channel, if it can see it."""
        if self.may(self.app.id, channel, permissions.VIEW_CHANNEL):
            self.tell(event)

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Somebody new."""
        with self.changed:
            user = User(self.ids.new(), name, bot)
            self.users[user.id] = user
            return user

    def add_guild(self, name: str, *, with_bot: bool = True) -> Guild:
        """A new guild, owned by somebody of whom nothing is heard."""
        with self.changed:
            guild = Guild(self.ids.new(), name, owner="0")
            guild.roles[guild.id] = Role(guild.id, "@everyone", permissions.EVERYONE, 0)
            self.guilds[guild.id] = guild
            if with_bot:
                self.add_bot(guild)
            return guild

    def add_bot(self, guild: Guild) -> None:
        """Bring the app's bot into a guild, with a role of its own that has what the invite gave."""
        with self.changed:
            role = self.add_role(guild, self.app.name, self.app.permissions, managed=True)
            guild.members[self.bot.id] = Member(self.bot, self.clock.now(), [role.id])
            self.tell(self.guild_event(guild))

    def guild_event(self, guild: Guild) -> Event:
        """What tells of a guild: of its members only where a session asked for them."""

        def body(asked: int) -> Json:
            return guild.to_event(self.bot.id, members=bool(asked & intents.GUILD_MEMBERS))

        return Event("GUILD_CREATE", body, guild=guild.id)

    def remove_bot(self, guild: Guild) -> None:
        """Take the app's bot out of a guild."""
        with self.changed:
            del guild.members[self.bot.id]
            self.tell(plain("GUILD_DELETE", {"id": guild.id}, guild=guild.id))

    def add_role(self, guild: Guild, name: str, bits: int = 0, *, managed: bool = False) -> Role:
        """A new role."""
        with self.changed:
            role = Role(self.ids.new(), name, bits, len(guild.roles), managed, mentionable=not managed)
            guild.roles[role.id] = role
            body = {"guild_id": guild.id, "role": role.to_json()}
            self.tell(plain("GUILD_ROLE_CREATE", body, guild=guild.id))
            return role

    def join(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Let somebody into a guild, or give them further roles there."""
        with self.changed:
            known = user.id in guild.members
            member = guild.members.setdefault(user.id, Member(user, self.clock.now()))
            member.roles += [role.id for role in roles if role.id not in member.roles]
            self._tell_member(guild, member, "GUILD_MEMBER_UPDATE" if known else "GUILD_MEMBER_ADD")
            return member

    def take_role(self, guild: Guild, user: User, role: Role) -> None:
        """Take a role away from somebody."""
        with self.changed:
            member = guild.member(user.id)
            member.roles.remove(role.id)
            self._tell_member(guild, member, "GUILD_MEMBER_UPDATE")

    def leave(self, guild: Guild, user: User) -> None:
        """Let somebody out of a guild."""
        with self.changed:
            del guild.members[user.id]
            body = {"guild_id": guild.id, "user": user.to_json()}
            self.tell(plain("GUILD_MEMBER_REMOVE", body, intents.GUILD_MEMBERS, guild.id))

    def add_channel(
        self, guild: Guild, name: str, kind: int = channels.TEXT, *overwrites: Overwrite
    ) -> Channel:
        """A new channel of a guild, seen by everybody unless an overwrite says otherwise."""
        with self.changed:
            exceptions = {overwrite.id: overwrite for overwrite in overwrites}
            channel = Channel(
                self.ids.new(), kind, name, guild.id, position=len(guild.channels), overwrites=exceptions
            )
            guild.channels[channel.id] = channel
            self.tell_in(channel, plain("CHANNEL_CREATE", channel.to_json(), guild=guild.id))
            return channel

    def overwrite(self, channel: Channel, overwrite: Overwrite | None, target: str = "") -> None:
        """Give a channel an exception, or take the one for `target` away."""
        with self.changed:
            if overwrite:
                channel.overwrites[overwrite.id] = overwrite
            else:
                channel.overwrites.pop(target, None)
            self.tell_in(channel, plain("CHANNEL_UPDATE", channel.to_json(), guild=channel.guild))

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or a thread with everything in it."""
        with self.changed:
            name = "THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE"
            body = (
                {
                    "id": channel.id,
                    "guild_id": channel.guild,
                    "parent_id": channel.parent,
                    "type": channel.kind,
                }
                if channel.is_thread
                else channel.to_json()
            )
            self.tell_in(channel, plain(name, body, guild=channel.guild))
            guild = self.guilds[channel.guild]
            for thread in [one for one in guild.channels.values() if one.parent == channel.id]:
                del guild.channels[thread.id]
            del guild.channels[channel.id]
            self.changed.notify_all()

    def conversation(self, user: str) -> Channel:
        """The direct conversation of the bot with somebody, begun when there is none yet."""
        with self.changed:
            for channel in self.direct.values():
                if user in channel.members:
                    return channel
            now = self.clock.now()
            channel = Channel(self.ids.new(), channels.DIRECT, "", members={user: now, self.bot.id: now})
            self.direct[channel.id] = channel
            return channel

    def user(self, user_id: str) -> User:
        """A user by id.

        Raises:
            DiscordError: 10013.
        """
        if user_id not in self.users:
            raise unknown("user")
        return self.users[user_id]

    def guild(self, guild_id: str, viewer: str) -> Guild:
        """A guild that somebody is in.

        Raises:
            DiscordError: 10004.
        """
        guild = self.guilds.get(guild_id)
        if guild is None or viewer not in guild.members:
            raise unknown("guild")
        return guild

    def channel(self, channel_id: str) -> Channel:
        """A channel, thread or direct conversation by id.

        Raises:
            DiscordError: 10003.
        """
        if channel_id in self.direct:
            return self.direct[channel_id]
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        raise unknown("channel")

    def visible(self, channel_id: str, viewer: str) -> Channel:
        """A channel that somebody can see.

        Raises:
            DiscordError: 10003 or 50001.
        """
        channel = self.channel(channel_id)
        if not self.may(viewer, channel, permissions.VIEW_CHANNEL):
            raise missing_access()
        return channel

    def message(self, channel: Channel, message_id: str) -> Message:
        """A message that everybody in its channel sees.

        Raises:
            DiscordError: 10008.
        """
        found = self.messages.get(channel.id, {}).get(message_id)
        if found is None:
            raise unknown("message")
        return found

    def permissions(self, user: str, channel: Channel) -> int:
        """What somebody may do in a channel; in a direct conversation all that makes sense there."""
        if not channel.guild:
            return permissions.EVERYONE if user in channel.members else 0
        return self.guilds[channel.guild].permissions(user, channel)

    def may(self, user: str, channel: Channel, bits: int) -> bool:
        """Whether somebody has all of these permissions in a channel."""
        return self.permissions(user, channel) & bits == bits

    def _tell_member(self, guild: Guild, member: Member, name: str) -> None:
        body = {**member.to_json(), "guild_id": guild.id}
        self.tell(plain(name, body, intents.GUILD_MEMBERS, guild.id))
        self.changed.notify_all()
