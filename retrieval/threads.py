"""Threads: a conversation as documents to be searched, one for each window of messages."""

from collections.abc import Iterator, Sequence

from core.documents import Document
from core.messages import EVERYONE
from core.transcripts import Said
from retrieval.language import detect

WINDOW, STRIDE = 4, 2
"""Messages of a window, and from the start of one to the start of the next. Of nine ways to cut conversations
that were compared, these windows, with date and speakers, found the evidence most often."""


def windows(
    name: str,
    messages: Sequence[Said],
    source_id: str,
    *,
    title: str,
    readers: Sequence[str] = (EVERYONE,),
) -> Iterator[Document]:
    """The windows of a thread or channel, each a document that begins with its date and names its speakers.

    A window is called after its first message, so that a message that is added at the end changes the last
    windows alone. Messages without text are passed over.

    Args:
        name: the conversation's own id, unique within the source.
        messages: in the order in which they were written.
        source_id: the source that they belong to.
        title: what people call the conversation.
        readers: groups that may read it.
    """
    said = [message for message in messages if message.text.strip()]
    starts = range(0, max(1, len(said) - WINDOW + STRIDE), STRIDE) if said else ()
    for start in starts:
        window = said[start : start + WINDOW]
        text = _written(window)
        yield Document(
            id=f"{name}/{window[0].id}",
            source_id=source_id,
            title=title,
            text=text,
            link=window[0].link,
            readers=tuple(readers),
            language=detect(" ".join(message.text for message in window)),
            date=window[-1].at.date().isoformat(),
        )


def _written(window: Sequence[Said]) -> str:
    """Each day as a line of its own above its messages, each with its speaker."""
    lines: list[str] = []
    day = None
    for message in window:
        if message.at.date() != day:
            day = message.at.date()
            lines.append(f"{day:%A}, {day.isoformat()}")
        lines.append(f"{message.speaker}: {message.text.strip()}")
    return "\n\n".join(lines)
