"""All messages of a workspace, by channel and `ts`."""

import threading
from collections.abc import Callable
from typing import Any

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.state.messages import Message


class Timeline:
    """Keeps messages in the order in which they were posted. Deleted ones are kept apart."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last = 0
        self._lock = threading.Lock()
        self._channels: dict[str, dict[str, Message]] = {}
        self.ephemeral: list[Message] = []
        self.deleted: list[Message] = []

    def stamp(self) -> str:
        """A `ts` that no other has: seconds with six digits."""
        with self._lock:
            self._last = last = max(self._last + 1, int(self._now() * 1_000_000))
        return f"{last // 1_000_000}.{last % 1_000_000:06d}"

    def add(self, message: Message) -> None:
        """Keep a message: in its channel, or apart where one person alone sees it."""
        if message.visible_to:
            self.ephemeral.append(message)
        else:
            self._channels.setdefault(message.channel, {})[message.ts] = message

    def find(self, channel: str, ts: str) -> Message:
        """A message that everybody in its channel sees.

        Raises:
            SlackError: `message_not_found`.
        """
        found = self._channels.get(channel, {}).get(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def remove(self, message: Message) -> None:
        """Take a message away."""
        if message.visible_to:
            self.ephemeral.remove(message)
        else:
            del self._channels[message.channel][message.ts]
        self.deleted.append(message)

    def messages(self, channel: str) -> list[Message]:
        """Every message of a channel and its threads, oldest first."""
        return sorted(self._channels.get(channel, {}).values(), key=lambda message: message.ts)

    def roots(self, channel: str) -> list[Message]:
        """What stands in the channel itself, oldest first: no replies, save those that were broadcast."""
        return [
            message
            for message in self.messages(channel)
            if not message.is_reply or message.subtype == "thread_broadcast"
        ]

    def replies(self, channel: str, root: str) -> list[Message]:
        """The replies below a message, oldest first."""
        return [message for message in self.messages(channel) if message.is_reply and message.thread == root]

    def thread_of(self, channel: str, root: str) -> dict[str, Any]:
        """What a message says of the replies below it; nothing where there are none."""
        below = self.replies(channel, root)
        users = list(dict.fromkeys(reply.user for reply in below))
        if not below:
            return {}
        return {
            "thread_ts": root,
            "reply_count": len(below),
            "reply_users": users,
            "reply_users_count": len(users),
            "latest_reply": below[-1].ts,
        }
