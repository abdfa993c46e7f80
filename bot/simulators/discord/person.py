"""What a person does on Discord: speaks, edits, reacts, presses, fills in and looks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.simulators.discord.delivery.courier import Courier
from bot.simulators.discord.delivery.forms import Resolved, chosen_options, filled_in, pressed, refused
from bot.simulators.discord.errors import DiscordError, missing_access, missing_permissions, unknown
from bot.simulators.discord.rules import commands, permissions
from bot.simulators.discord.rules.mentions import BY_DEFAULT, Pings, pings, typed
from bot.simulators.discord.state import deeds, interactions
from bot.simulators.discord.state.channels import PRIVATE_THREAD, PUBLIC_THREAD, Channel
from bot.simulators.discord.state.interactions import Interaction
from bot.simulators.discord.state.messages import REPLY, Message
from bot.simulators.discord.state.people import User
from bot.simulators.discord.state.rendering import message_json
from bot.simulators.discord.state.world import World


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on Discord, or another bot. Make one with `DiscordSimulator.person`.

    A deed that Discord's own client would not let them do raises `DiscordError`.
    """

    user: User
    world: World
    courier: Courier

    @property
    def id(self) -> str:
        """Their user id."""
        return self.user.id

    def say(
        self,
        channel: Channel,
        text: str,
        *,
        to: Message | None = None,
        files: Mapping[str, bytes] | None = None,
        ping: bool = True,
    ) -> Message:
        """Post a message, as typed: `@name` mentions a user or a role.

        Args:
            channel: where; they have to see it and may have to be let speak.
            text: what they type.
            to: the message that they reply to.
            files: content by name, attached.
            ping: whether a reply pings the author of that message.
        """
        self._need(channel, permissions.SEND_IN_THREADS if channel.is_thread else permissions.SEND_MESSAGES)
        if channel.is_forum:
            raise DiscordError(400, 50008, "Cannot send messages in a non-text channel")
        if channel.locked and not self.world.may(self.id, channel, permissions.MANAGE_THREADS):
            raise DiscordError(400, 50083, "Thread is archived")
        message = self._message(channel, text, files or {}, answered=to.author if to and ping else "")
        if to:
            message.kind, message.reference, message.reference_channel = REPLY, to.id, to.channel
        return deeds.post(self.world, message)

    def reply(self, message: Message, text: str, *, ping: bool = True) -> Message:
        """Reply to a message where it stands."""
        return self.say(self.world.channel(message.channel), text, to=message, ping=ping)

    def mention(self, channel: Channel, text: str) -> Message:
        """Post a message that begins with the bot's name."""
        return self.say(channel, f"{self.world.bot.mention} {text}")

    def direct(self) -> Channel:
        """Their direct conversation with the bot."""
        return self.world.conversation(self.id)

    def edit(self, message: Message, text: str) -> None:
        """Edit a message of their own."""
        self._own(message)
        content = self._typed(self.world.channel(message.channel), text)
        whom = pings(content, None, BY_DEFAULT)
        deeds.change(self.world, message, content=content, pings=whom)

    def delete(self, message: Message) -> None:
        """Delete a message: their own, or anybody's where they may. Ephemeral ones are dismissed."""
        channel = self.world.channel(message.channel)
        if self.id not in (message.visible_to, message.author):
            self._need(channel, permissions.MANAGE_MESSAGES)
        deeds.remove(self.world, message)

    def react(self, message: Message, emoji: str) -> None:
        """Put a reaction on a message."""
        if message.visible_to:
            raise unknown("message")
        self._need(self.world.channel(message.channel), permissions.VIEW_CHANNEL)
        deeds.react(self.world, message, self.id, emoji)

    def unreact(self, message: Message, emoji: str) -> None:
        """Take a reaction of their own back."""
        deeds.unreact(self.world, message, self.id, emoji)

    def type(self, channel: Channel) -> None:
        """Begin to type."""
        deeds.type_in(self.world, channel, self.id)

    def open_thread(self, place: Channel | Message, name: str, *, private: bool = False) -> Channel:
        """Open a thread at a message, or in a channel."""
        on = place if isinstance(place, Message) else None
        channel = self.world.channel(place.channel) if isinstance(place, Message) else place
        self._need(channel, permissions.PRIVATE_THREADS if private else permissions.PUBLIC_THREADS)
        kind = PRIVATE_THREAD if private else PUBLIC_THREAD
        return deeds.open_thread(self.world, channel, self.id, name, kind=kind, on=on)

    def post(self, forum: Channel, title: str, text: str, *, tags: tuple[str, ...] = ()) -> Channel:
        """Make a post in a forum: a thread whose first message has its id."""
        if not forum.is_forum:
            raise DiscordError(400, 50024, "Cannot execute action on this channel type")
        self._need(forum, permissions.SEND_MESSAGES)
        with self.world.changed:
            thread = deeds.open_thread(self.world, forum, self.id, title, applied=list(tags))
            message = self._message(thread, text, {})
            message.id = thread.id
            deeds.post(self.world, message)
        return thread

    def archive(self, thread: Channel, *, locked: bool = False) -> None:
        """Close a thread."""
        deeds.archive(self.world, thread, archived=True, locked=locked)

    def invite(self, user: User, thread: Channel) -> None:
        """Bring somebody into a thread: the bot, for one."""
        deeds.enter(self.world, thread, user.id)

    def command(self, channel: Channel, command: str, /, **options: Any) -> Interaction:
        """Use a slash command.

        Args:
            channel: where.
            command: its name; for a subcommand all names, with blanks between.
            options: what they fill in, by name. Users, roles and channels are given as such.
        """
        name, *path = command.removeprefix("/").split()
        found = self._command(channel, name, commands.CHAT)
        resolved = Resolved(self.world, channel, self.id)
        data = _data(found)
        data["options"] = chosen_options(found, path, options, resolved)
        if resolved.found:
            data["resolved"] = resolved.found
        return self.courier.begin(interactions.COMMAND, self.id, channel, data, name=name)

    def complete(self, channel: Channel, command: str, option: str, text: str, **others: Any) -> Interaction:
        """Type into an option that the app proposes values for; see `Interaction.choices`."""
        name, *path = command.removeprefix("/").split()
        found = self._command(channel, name, commands.CHAT)
        resolved = Resolved(self.world, channel, self.id)
        data = _data(found)
        given = {option: text, **others}
        data["options"] = chosen_options(found, path, given, resolved, focused=option)
        return self.courier.begin(interactions.AUTOCOMPLETE, self.id, channel, data, name=name)

    def menu(self, message: Message, name: str) -> Interaction:
        """Use a command of a message's context menu."""
        channel = self.world.channel(message.channel)
        found = self._command(channel, name, commands.MESSAGE)
        target = message_json(self.world, message, content=True)
        resolved = {"messages": {message.id: target}}
        data = {**_data(found), "target_id": message.id, "resolved": resolved}
        return self.courier.begin(interactions.COMMAND, self.id, channel, data, name=name, message=message)

    def press(self, message: Message, custom_id: str, *values: Any) -> Interaction:
        """Press a button of a message, or choose values in a select."""
        if message.visible_to not in ("", self.id):
            raise unknown("message")
        channel = self.world.channel(message.channel)
        data = pressed(message, custom_id, values, Resolved(self.world, channel, self.id))
        return self.courier.begin(
            interactions.COMPONENT, self.id, channel, data, name=custom_id, message=message
        )

    def submit(self, asked: Interaction, values: Mapping[str, Any] | None = None) -> Interaction:
        """Submit the modal that an interaction showed them.

        Args:
            asked: the interaction.
            values: what they fill in, by custom id; what is left out is left as the form has it.
        """
        if asked.modal is None or asked.user != self.id:
            raise refused("There is no modal.")
        channel = self.world.channel(asked.channel)
        data = filled_in(asked.modal, values or {}, Resolved(self.world, channel, self.id))
        name = str(asked.modal["custom_id"])
        # A form that a button opened can change the button's message; a command's form has none.
        on = asked.message if asked.kind == interactions.COMPONENT else None
        submitted = self.courier.begin(interactions.MODAL, self.id, channel, data, name=name, message=on)
        asked.modal = None
        return submitted

    def sees(self, channel: Channel) -> list[Message]:
        """What is before them in a channel or thread, oldest first; ephemeral messages too."""
        with self.world.changed:
            self._need(channel, permissions.VIEW_CHANNEL)
            public = self.world.messages.get(channel.id, {}).values()
            own = [
                message
                for message in self.world.ephemeral
                if (message.visible_to, message.channel) == (self.id, channel.id)
            ]
            return sorted([*public, *own], key=lambda message: int(message.id))

    def sees_typing(self, channel: Channel) -> bool:
        """Whether the bot is shown as typing."""
        until = self.world.typing.get((channel.id, self.world.bot.id), 0.0)
        return self.world.clock.now() < until

    def _typed(self, channel: Channel, text: str) -> str:
        users = {user.handle: user.id for user in self.world.users.values()}
        guild = self.world.guilds.get(channel.guild)
        roles = {role.name.lower(): role.id for role in guild.roles.values()} if guild else {}
        return typed(text, users, roles)

    def _message(
        self, channel: Channel, text: str, files: Mapping[str, bytes], *, answered: str = ""
    ) -> Message:
        world = self.world
        content = self._typed(channel, text)
        whom = pings(content, None, BY_DEFAULT, answered=answered)
        if not world.may(self.id, channel, permissions.MENTION_EVERYONE):
            whom = Pings(whom.users, frozenset(), everyone=False)
        kept = tuple(deeds.keep_file(world, channel, name, data) for name, data in files.items())
        return Message(world.ids.new(), channel.id, channel.guild, self.id, content, files=kept, pings=whom)

    def _command(self, channel: Channel, name: str, kind: int) -> dict[str, Any]:
        found = self.world.commands.find(name, kind, channel.guild)
        if found is None:
            raise unknown("application command")
        contexts = found.get("contexts")
        if not channel.guild and contexts is not None and 1 not in contexts:
            raise unknown("application command")
        self._need(channel, permissions.USE_COMMANDS if channel.guild else permissions.VIEW_CHANNEL)
        needed = found.get("default_member_permissions")
        if channel.guild and needed is not None:
            bits = int(needed) or permissions.ADMINISTRATOR
            self._need(channel, bits)
        return found

    def _need(self, channel: Channel, bits: int) -> None:
        if not self.world.may(self.id, channel, permissions.VIEW_CHANNEL):
            raise missing_access()
        if not self.world.may(self.id, channel, bits):
            raise missing_permissions()

    def _own(self, message: Message) -> None:
        if message.author != self.id:
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")


def _data(command: Mapping[str, Any]) -> dict[str, Any]:
    body = {"id": command["id"], "name": command["name"], "type": command["type"]}
    return body | ({"guild_id": command["guild_id"]} if "guild_id" in command else {})
