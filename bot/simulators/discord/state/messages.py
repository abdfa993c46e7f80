"""A message and who is pinged by it."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulators.discord.rules.mentions import Pings, links
from bot.simulators.discord.state.files import File

Json = dict[str, Any]

SUPPRESS_EMBEDS = 1 << 2
HAS_THREAD = 1 << 5
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SILENT = 1 << 12
COMPONENTS_V2 = 1 << 15

DEFAULT = 0
THREAD_CREATED = 18
REPLY = 19
COMMAND = 20
THREAD_STARTER = 21
CONTEXT_MENU = 23


@dataclass(slots=True)
class Message:
    """One message.

    Attributes:
        kind: Discord's message type.
        reference: the id of the message that this one replies to, in `reference_channel`.
        pings: whom it notifies, after what `allowed_mentions` left of its text.
        visible_to: the only person who sees an ephemeral message; empty for all others.
        earlier: the texts that it had before, oldest first.
        interaction: what began it, as Discord's object; empty for a message of its own.
        previews: embeds that Discord itself put under it, for its links.
    """

    id: str
    channel: str
    guild: str
    author: str
    content: str = ""
    kind: int = DEFAULT
    flags: int = 0
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    files: tuple[File, ...] = ()
    reference: str = ""
    reference_channel: str = ""
    nonce: str | int | None = None
    edited: float = 0.0
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pings: Pings = field(default_factory=Pings)
    visible_to: str = ""
    interaction: Json = field(default_factory=dict)
    earlier: list[str] = field(default_factory=list)
    previews: list[Json] = field(default_factory=list)
    tts: bool = False
    pinned: bool = False

    @property
    def loading(self) -> bool:
        """Whether it still stands for an answer that was promised."""
        return bool(self.flags & LOADING)

    @property
    def shown(self) -> str:
        """All that a person reads in it, a line for each part."""
        return "\n".join(
            part for part in (self.content, *texts(self.embeds), *texts(self.components)) if part
        )

    @property
    def unfurls(self) -> tuple[str, ...]:
        """The links that Discord would show previews of."""
        return () if self.flags & SUPPRESS_EMBEDS else links(self.content)


_TEXTS = ("title", "description", "name", "value", "text", "label", "content")


def texts(node: Any) -> list[str]:
    """Every text in embeds or components that a person can read."""
    if isinstance(node, list):
        return [text for part in node for text in texts(part)]
    if not isinstance(node, dict):
        return []
    found = [node[key] for key in _TEXTS if isinstance(node.get(key), str)]
    return found + [text for part in node.values() if isinstance(part, dict | list) for text in texts(part)]
