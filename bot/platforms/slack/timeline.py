"""What stands in Slack's channels, read page by page as Slack's limits allow."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.words import Event
from core.errors import Unavailable

_PAGE = 200
"""What Slack recommends as the most of one page."""

_PATIENCE = 10
"""How often in a row Slack may ask to wait before a sync gives up."""

_LONGEST_WAIT = 120.0


class Timeline:
    """The lists of one workspace.

    Attributes:
        calls: the Web API of the workspace.

    Args:
        calls: the same.
        pause: waits for so many seconds when Slack asks for it; None raises Unavailable instead.
    """

    def __init__(self, calls: SlackCalls, pause: Callable[[float], object] | None = None) -> None:
        self.calls = calls
        self._pause = pause

    def history(self, channel: str, oldest: str = "") -> Iterator[Event]:
        """The messages of a channel that are no replies, newest first, from a moment on."""
        since = {"oldest": oldest, "inclusive": True} if oldest else {}
        return self._pages("conversations.history", "messages", channel=channel, **since)

    def replies(self, channel: str, thread: str) -> Iterator[Event]:
        """A thread from its root on."""
        return self._pages("conversations.replies", "messages", channel=channel, ts=thread)

    def members(self, channel: str) -> Iterator[str]:
        """Ids of all who are in a channel."""
        return self._pages("conversations.members", "members", channel=channel)

    def channels(self, types: str, user: str = "") -> Iterator[Mapping[str, Any]]:
        """The channels of these types that Candor is in; or somebody else, as far as Candor can know."""
        of = {"user": user} if user else {}
        return self._pages("users.conversations", "channels", types=types, exclude_archived=True, **of)

    def people(self) -> Iterator[Mapping[str, Any]]:
        """All people and bots of the workspace."""
        return self._pages("users.list", "members")

    def channel(self, channel: str) -> Mapping[str, Any]:
        """What Slack says of one channel."""
        answer = self._read("conversations.info", channel=channel)
        return answer.get("channel") or {}

    def _pages(self, method: str, items: str, **arguments: Any) -> Iterator[Any]:
        cursor = ""
        while True:
            onward = {"cursor": cursor} if cursor else {}
            answer = self._read(method, limit=_PAGE, **arguments, **onward)
            yield from answer.get(items) or []
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return

    def _read(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        for waited in range(_PATIENCE + 1):
            try:
                return self.calls.read(method, **arguments)
            except Unavailable as error:
                if self._pause is None or not error.after or waited == _PATIENCE:
                    raise
                self._pause(min(error.after, _LONGEST_WAIT))
        raise AssertionError  # the last turn of the loop returns or raises
