"""One call of the Web API on its way to an answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.simulators.clock import Clock
from bot.simulators.slack.app import App
from bot.simulators.slack.errors import SlackError, invalid_arguments
from bot.simulators.slack.rules.limits import Limit
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.state.tokens import Kind, Token, Tokens
from bot.simulators.slack.state.triggers import Triggers
from bot.simulators.slack.state.workspace import Workspace

Json = dict[str, Any]


@dataclass(slots=True)
class Platform:
    """What all workspaces have in common. `codes` are what an install hands over for a token.

    `stream_seconds` is how long a stream stays open: undocumented, about five minutes were reported.
    """

    app: App
    clock: Clock
    tokens: Tokens
    triggers: Triggers
    workspaces: dict[str, Workspace]
    uninstall: Callable[[Workspace], None]
    connect: Callable[[], str]
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    stream_seconds: float = 300.0


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its arguments, and who makes it where."""

    platform: Platform
    body: Json
    token: Token
    workspace: Workspace

    def need(self, name: str, *, otherwise: str = "") -> str:
        """An argument that must be there, as text.

        Raises:
            SlackError: `otherwise`, or `invalid_arguments` that names it.
        """
        value = self.body.get(name)
        if value in (None, ""):
            raise SlackError(otherwise) if otherwise else invalid_arguments(f"missing required field: {name}")
        return str(value)

    def text(self, name: str) -> str:
        """An argument as text; empty where it is absent."""
        return str(self.body.get(name) or "")

    def flag(self, name: str) -> bool:
        """An argument as yes or no; no where it is absent."""
        return self.body.get(name) in (True, 1, "1", "true")

    def channel(self, name: str = "channel") -> Channel:
        """The channel that an argument names, if the caller can know of it.

        Raises:
            SlackError: `channel_not_found`.
        """
        return self.workspace.directory.visible(
            self.need(name, otherwise="channel_not_found"), self.token.user
        )

    def joined(self, name: str = "channel") -> Channel:
        """The channel that an argument names, which the caller must be a member of.

        Raises:
            SlackError: `channel_not_found` or `not_in_channel`.
        """
        channel = self.channel(name)
        if self.token.user not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def own(self, refusal: str) -> Message:
        """The message that `channel` and `ts` name, which must be the caller's own.

        Raises:
            SlackError: `message_not_found`, or the refusal for somebody else's.
        """
        message = self.workspace.timeline.find(
            self.channel().id, self.need("ts", otherwise="message_not_found")
        )
        if message.user != self.token.user:
            raise SlackError(refusal)
        return message


@dataclass(frozen=True, slots=True)
class Method:
    """One method: how to answer it, and what it asks of its caller.

    A token needs any one of `scopes`, or none where there are none. `limit` is by channel where `by_channel`
    says so. `open` methods are called without a token.
    """

    name: str
    answer: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    limit: Limit | None = None
    by_channel: bool = False
    tokens: tuple[Kind, ...] = ("bot", "user")
    open: bool = False
