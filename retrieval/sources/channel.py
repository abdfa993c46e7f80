"""Channels of a chat platform as sources: each of their threads in windows of messages."""

from collections.abc import Iterator, Mapping

from core.documents import Document
from core.errors import Misconfigured
from core.transcripts import Channels
from retrieval import threads
from retrieval.loaders import Skipped

_TOKENS = {"slack": "CANDOR_SLACK_BOT_TOKEN", "discord": "CANDOR_DISCORD_TOKEN"}
"""The platforms that can be read, and the setting that connects each."""


def platform_of(location: str, channels: Mapping[str, Channels]) -> Channels:
    """The platform that a location such as `slack:CHANNEL` names.

    Raises:
        Misconfigured: there is none of that name, or its token is not set.
    """
    name = location.partition(":")[0].casefold()
    if name not in _TOKENS:
        raise Misconfigured(f"{location}: there is no file or folder, and no platform {name} to read from")
    if name not in channels:
        raise Misconfigured(f"{_TOKENS[name]}: not set, so that {location} cannot be read")
    return channels[name]


def read(location: str, source_id: str, channels: Mapping[str, Channels]) -> Iterator[Document | Skipped]:
    """Read what people said in one channel. `Document.link` leads to the first message of its window.

    Raises:
        Misconfigured: there is no such channel, or Candor is not in it, or the platform is not connected.
        Unavailable: the platform does not answer.
    """
    platform = platform_of(location, channels)
    channel = platform.channel(location.partition(":")[2])
    for conversation in platform.conversations(channel):
        yield from threads.windows(
            conversation.id, conversation.said, source_id, title=channel.name, readers=channel.readers
        )
        if conversation.left_out:
            yield Skipped(conversation.id, conversation.left_out)
