"""Answers that grow in Slack's own way: native streams, each in the message that becomes the reply."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from bot import outgoing
from bot.outgoing import Json
from bot.platforms.slack.calls import Refused, SlackCalls
from core import log
from core.errors import MessageGone, Unavailable, Unwelcome
from core.messages import Address, Question

_log = log.get(__name__)

_MOST = 1000
"""Streams that are remembered: one whose turn was lost to another worker is never ended here."""

_AT_ONCE = 11_000


@dataclass(frozen=True, slots=True)
class _Stream:
    turn_id: str
    title: str
    sent: str = ""


class Streams:
    """The streams that this process has open, by their message.

    A stream carries no metadata until it is stopped, so its first chunk is a task with the turn's id: by that
    a second attempt finds the message.
    """

    def __init__(self, calls: SlackCalls) -> None:
        self._calls = calls
        self._open: OrderedDict[Address, _Stream] = OrderedDict()
        self._lock = threading.Lock()

    def start(self, question: Question, turn_id: str, title: str) -> Address | None:
        """Open a stream; None where Slack does not allow one, or none so soon.

        Raises:
            Unavailable: Slack does not answer, so that nobody knows whether it is open.
        """
        address = question.address
        try:
            message = self._calls.at(address.workspace).write(
                "chat.startStream",
                channel=address.channel,
                thread_ts=address.thread,
                recipient_team_id=address.workspace,
                recipient_user_id=question.asker.id,
                chunks=[_task(turn_id, title, "in_progress")],
                task_display_mode="timeline",
            )
        except (Refused, Unwelcome, MessageGone) as error:
            _log.info("no stream here", error=str(error))
            return None
        except Unavailable as error:
            if not error.after:
                raise
            return None
        found = address.model_copy(update={"message": str(message["ts"])})
        self._keep(found, _Stream(turn_id, title))
        return found

    def has(self, message: Address) -> bool:
        """Whether a message is a stream that is open here."""
        with self._lock:
            return message in self._open

    def status(self, message: Address, title: str) -> None:
        """Say what is being done."""
        stream = self._open[message]
        self._append(message, [_task(stream.turn_id, title, "in_progress")])
        self._keep(message, replace(stream, title=title))

    def write(self, message: Address, markdown: str) -> None:
        """Show the text so far, as much of it as can be appended to what is shown."""
        stream = self._open[message]
        safe = outgoing.slack_markdown(markdown)
        if not safe.startswith(stream.sent) or safe == stream.sent or len(safe) > _AT_ONCE:
            return
        self._append(message, [{"type": "markdown_text", "text": safe.removeprefix(stream.sent)}])
        self._keep(message, replace(stream, sent=safe))

    def finish(self, message: Address, markdown: str, footer: list[Json], metadata: Json) -> bool:
        """End a stream with the rest of the text and the blocks below it.

        Returns:
            False when the message must be edited instead: the text is another one, or the stream is over.
        """
        stream = self._forget(message)
        safe = outgoing.slack_markdown(markdown)
        if stream is None or not safe.startswith(stream.sent):
            self.stop(message)
            return False
        chunks: list[Json] = [_task(stream.turn_id, stream.title, "complete")]
        if rest := safe.removeprefix(stream.sent):
            chunks.append({"type": "markdown_text", "text": rest})
        try:
            self._calls.at(message.workspace).write(
                "chat.stopStream",
                channel=message.channel,
                ts=message.message,
                chunks=chunks,
                blocks=footer,
                metadata=metadata,
            )
        except (Refused, Unwelcome, MessageGone, Unavailable) as error:
            _log.info("the stream did not end as it should", error=str(error))
            self.stop(message)
            return False
        return True

    def stop(self, message: Address) -> None:
        """End a stream as it stands, whoever opened it; one that is over already is no error."""
        self._forget(message)
        try:
            self._calls.at(message.workspace).write(
                "chat.stopStream", channel=message.channel, ts=message.message
            )
        except (Refused, Unwelcome, MessageGone, Unavailable) as error:
            _log.info("no stream to stop", error=str(error))

    def _append(self, message: Address, chunks: list[Json]) -> None:
        try:
            self._calls.at(message.workspace).write(
                "chat.appendStream", channel=message.channel, ts=message.message, chunks=chunks
            )
        except Refused:
            # Over: Slack ends streams that are minutes old. From here on the message is edited.
            self._forget(message)
            raise

    def _keep(self, message: Address, stream: _Stream) -> None:
        with self._lock:
            self._open[message] = stream
            while len(self._open) > _MOST:
                self._open.popitem(last=False)

    def _forget(self, message: Address) -> _Stream | None:
        with self._lock:
            return self._open.pop(message, None)


def _task(turn_id: str, title: str, status: str) -> Json:
    return {"type": "task_update", "id": turn_id, "title": title, "status": status}
