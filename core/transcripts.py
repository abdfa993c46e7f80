"""What people wrote in the channels of a platform, and the port through which it is read."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from core.errors import Misconfigured
from core.messages import Address, Audience, File, Question


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation.

    Attributes:
        id: the platform's own, unique within the conversation.
        speaker: who wrote it, as people there are called.
        at: when.
        text: what it says, as plain text or Markdown.
        link: where a person opens it.
    """

    id: str
    speaker: str
    at: dt.datetime
    text: str
    link: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """What people said in a thread or a channel, oldest first; bots' messages and deleted ones are not in it.

    Attributes:
        id: the conversation's own, unique within its channel.
        name: what people call it, such as `#general`.
        said: the messages.
        left_out: in words, what of it was not read, or nothing.
        refusal: why it may not be read for this asker, in words for them, or nothing.
    """

    id: str
    name: str
    said: tuple[Said, ...] = ()
    left_out: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that can be a source: it is `id` of a workspace, and `name` to people.

    `readers` are the groups of which a person needs one to read it; `public` is whether these are more than
    its members.
    """

    id: str
    workspace: str
    name: str
    public: bool
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody attached, with what is in it."""

    name: str
    media_type: str
    data: bytes


class NotFetched(Exception):
    """A file was not fetched; the text is the plain reason, for the asker."""


class NotThere(Misconfigured):
    """Candor is not in a channel, or may no longer read it: what was read there before is not its to keep."""


class Channels(Protocol):
    """The reading half of a platform. Each method raises Unavailable when the platform does not answer."""

    def fetch(self, address: Address, file: File, *, most: int, seconds: float) -> Attachment:
        """Get a file that was attached to a message at an address.

        Args:
            address: where it was attached.
            file: as the platform described it.
            most: bytes of the largest file that is taken.
            seconds: how long it may take.

        Raises:
            NotFetched: with the reason.
        """
        ...

    def transcript(self, question: Question, most: int) -> Transcript:
        """The newest messages of the question's span, or else of its own thread, the question left out.

        Empty for a conversation between the asker and Candor alone, which the ledger knows better.

        Args:
            question: who asks, and where the reply will stand.
            most: how many messages.
        """
        ...

    def audience(self, question: Question) -> Audience:
        """Who can read the reply to a question, by what the platform knows of its people."""
        ...

    def channel(self, name: str) -> Channel:
        """The channel that a source names: its id or what people call it, behind its workspace and a slash.

        The workspace may be left out where there is but one.

        Raises:
            NotThere: there is none, or Candor is not in it.
            Misconfigured: the name is not complete.
        """
        ...

    def conversations(self, channel: Channel) -> Iterator[Transcript]:
        """All that people said in a channel, thread by thread. It waits as long as the platform asks for.

        Raises:
            NotThere: Candor may not read the channel.
        """
        ...
