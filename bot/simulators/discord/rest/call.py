"""One request to the REST API on its way to an answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.simulators.discord.errors import DiscordError, missing_access, missing_permissions
from bot.simulators.discord.rules import intents, permissions
from bot.simulators.discord.rules.faults import Faults
from bot.simulators.discord.rules.limits import USUAL, Limit
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.guilds import Guild
from bot.simulators.discord.state.messages import Message
from bot.simulators.discord.state.rendering import message_json
from bot.simulators.discord.state.world import World

Json = dict[str, Any]
Http = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A request with its parts. The app's bot makes it, or an interaction's token stands for it."""

    world: World
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    files: tuple[Upload, ...] = ()

    @property
    def bot(self) -> str:
        """The id of the app's bot."""
        return self.world.bot.id

    def form(self) -> Json:
        """The body as an object.

        Raises:
            DiscordError: 50109 for what is no JSON, 50035 for anything else.
        """
        if self.body is None:
            return {}
        if isinstance(self.body, str):
            raise DiscordError(400, 50109, "The request body contains invalid JSON.")
        if not isinstance(self.body, dict):
            faults = Faults()
            faults.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            faults.check()
        return dict(self.body)

    def number(self, name: str, default: int, most: int) -> int:
        """A number in the query.

        Raises:
            DiscordError: 50035.
        """
        value = self.query.get(name, str(default))
        if not value.isdecimal() or not 1 <= int(value) <= most:
            faults = Faults()
            faults.add("NUMBER_TYPE_MAX", f"int value should be between 1 and {most}.", name)
            faults.check()
        return int(value)

    def guild(self) -> Guild:
        """The guild that the path names.

        Raises:
            DiscordError: 10004.
        """
        return self.world.guild(self.params["guild_id"], self.bot)

    def channel(self, *needs: int) -> Channel:
        """The channel that the path names, where the bot has these permissions.

        Raises:
            DiscordError: 10003, 50001 or 50013.
        """
        channel = self.world.visible(self.params["channel_id"], self.bot)
        for bits in needs:
            self.need(channel, bits)
        return channel

    def need(self, channel: Channel, bits: int) -> None:
        """Refuse unless the bot has a permission in a channel.

        Raises:
            DiscordError: 50013.
        """
        if not self.world.may(self.bot, channel, bits):
            raise missing_permissions()

    def message(self, channel: Channel) -> Message:
        """The message that the path names.

        Raises:
            DiscordError: 10008.
        """
        return self.world.message(channel, self.params["message_id"])

    def own(self, channel: Channel) -> Message:
        """The message that the path names, which must be the bot's.

        Raises:
            DiscordError: 10008 or 50005.
        """
        message = self.message(channel)
        if message.author != self.bot:
            raise DiscordError(403, 50005, "Cannot edit a message authored by another user")
        return message

    def render(self, message: Message) -> Json:
        """A message as the bot may read it."""
        content = bool(self.world.app.intents & intents.MESSAGE_CONTENT)
        return message_json(self.world, message, content=content)

    def history(self, channel: Channel) -> None:
        """Refuse to who may not read what was said before.

        Raises:
            DiscordError: 50001.
        """
        if not self.world.may(self.bot, channel, permissions.READ_HISTORY):
            raise missing_access()


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP; no body is 204."""

    body: Any = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Route:
    """One route: how to answer it, and how often. `open` ones are called without the bot's token."""

    method: Http
    path: str
    answer: Callable[[Call], Any]
    limit: Limit = USUAL
    open: bool = False

    @property
    def name(self) -> str:
        """The method and the path, with names for ids."""
        return f"{self.method} {self.path}"
