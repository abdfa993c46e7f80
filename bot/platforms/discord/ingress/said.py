"""What somebody said on Discord, as plain data: all that Candor looks at of a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.messages import File


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happens.

    Attributes:
        guild: the server's id; empty in direct messages.
        channel: the id of the channel or thread itself.
        parent: the id of the channel that a thread belongs to; empty where it is no thread.
    """

    guild: str
    channel: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One message.

    Attributes:
        place: where it stands.
        id: its own id.
        author: the id of who wrote it.
        name: what people call them there.
        bot: another bot wrote it, or a webhook.
        text: as Discord has it, with `<@id>` for mentions; empty where it may not be read.
        mentions: names by id of the people whom it mentions.
        roles: whether it mentions a role, or everybody.
        answers: the id of the message that it replies to.
        answered: the id of that message's author, where it is known.
        edited: when it was edited, in microseconds since 1970; 0 if never.
        files: what is attached.
        title: the title of the forum's post that it opens.
    """

    place: Place
    id: str
    author: str
    name: str
    bot: bool
    text: str
    mentions: Mapping[str, str] = field(default_factory=dict)
    roles: bool = False
    answers: str = ""
    answered: str = ""
    edited: int = 0
    files: tuple[File, ...] = ()
    title: str = ""

    @property
    def opens(self) -> bool:
        """Whether it opens a post in a forum: that and its first message have one id."""
        return bool(self.place.parent) and self.id == self.place.channel
