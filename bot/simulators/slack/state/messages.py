"""A message and what can be seen of it."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.simulators.slack import entities
from bot.simulators.slack.state.files import File

Streaming = Literal["", "in_progress", "completed", "stopped"]
"""Whether a message is or was streamed; `stopped` means that a person ended it."""


@dataclass(slots=True)
class Message:
    """One message. `ts` is its id within its channel.

    Attributes:
        visible_to: the only person who sees an ephemeral message; empty for all others.
        earlier: the texts that it had before, oldest first.
        streamed: what a stream has said so far, as Markdown.
        opened: when its stream began, in the simulator's seconds.
        unfurl: links of its own may be shown as previews: not switched off in full.
        names_are_linked: a bare `@channel` in it is a ping.
        preview: previews that somebody put under it.
        inviter: who brought in whoever has joined.
    """

    channel: str
    ts: str
    user: str
    team: str
    text: str = ""
    thread: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    files: tuple[File, ...] = ()
    metadata: dict[str, Any] | None = None
    bot_id: str = ""
    app_id: str = ""
    username: str = ""
    subtype: str = ""
    client_id: str = ""
    edited: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    visible_to: str = ""
    earlier: list[str] = field(default_factory=list)
    streaming: Streaming = ""
    streamed: str = ""
    opened: float = 0.0
    unfurl: bool = True
    names_are_linked: bool = False
    preview: list[dict[str, Any]] = field(default_factory=list)
    inviter: str = ""

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return bool(self.thread) and self.thread != self.ts

    @property
    def shown(self) -> str:
        """All that a person reads in it, a line for each part."""
        parts = [*entities.shown_texts(self.blocks), *entities.shown_texts(self.attachments)]
        if self.streamed:
            parts.insert(0, self.streamed)
        return "\n".join(parts or [self.text])

    @property
    def pings(self) -> frozenset[str]:
        """Whom it notifies by name: `!channel`, `!here`, `!everyone`, `!subteam^S…`, `@U…`.

        The fallback text counts beside blocks: notifications show it.
        """
        return entities.pings(self._parsed(), names_are_linked=self.names_are_linked)

    @property
    def unfurls(self) -> tuple[str, ...]:
        """The links that Slack would show previews of."""
        return entities.links(self._parsed()) if self.unfurl else ()

    def _parsed(self) -> Iterator[str]:
        yield self.text
        yield self.streamed
        yield from entities.parsed_texts(self.blocks)
        for attachment in self.attachments:
            yield from (str(attachment.get(key, "")) for key in ("text", "pretext", "fallback"))
            yield from entities.parsed_texts(attachment.get("blocks", []))

    def to_json(self, *, with_metadata: bool = False) -> dict[str, Any]:
        """The message object. Metadata is only for those who ask for it."""
        stated: dict[str, Any] = {"type": "message", "ts": self.ts, "user": self.user, "team": self.team}
        stated["text"] = self.streamed or self.text
        optional: dict[str, Any] = {
            "subtype": self.subtype,
            "client_msg_id": self.client_id,
            "thread_ts": self.thread,
            "blocks": copy.deepcopy(self._stated_blocks()),
            "attachments": [*self.attachments, *self.preview],
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "username": self.username,
            "inviter": self.inviter,
            "edited": {"user": self.user, "ts": self.edited} if self.edited else None,
            "streaming_state": "in_progress"
            if self.streaming == "in_progress"
            else "completed"
            if self.streaming
            else "",
            "reactions": [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in self.reactions.items()
            ],
            "metadata": self.metadata if with_metadata else None,
        }
        return stated | {key: value for key, value in optional.items() if value}

    def _stated_blocks(self) -> list[dict[str, Any]]:
        if self.streamed:
            return [{"type": "markdown", "block_id": "streamed", "text": self.streamed}, *self.blocks]
        return self.blocks
