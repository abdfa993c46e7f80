"""What marks Candor's own messages in Slack, hidden from people, and how they are found again by it."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.outgoing import Json
from bot.platforms.slack.calls import Refused, SlackCalls
from core import log
from core.errors import MessageGone, Unwelcome
from core.messages import Address

_log = log.get(__name__)

EVENT_TYPE = "candor_turn"
"""The type of the metadata that our messages carry."""

_PAGE = 200


def metadata(key: str, part: int, of: str = "") -> dict[str, Json]:
    """What marks a message of ours: its turn, and which part it is; of which message, where not the first."""
    payload: dict[str, Json] = {"turn_id": key, "part": part}
    return {"event_type": EVENT_TYPE, "event_payload": {**payload, "of": of} if of else payload}


def payload_of(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a message is marked with; empty where it is not."""
    found = message.get("metadata") or {}
    return (found.get("event_payload") or {}) if found.get("event_type") == EVENT_TYPE else {}


def turn_id(message: Mapping[str, Any]) -> str:
    """The turn that a message of ours belongs to: by its metadata, or by a stream's task."""
    tasks = (block.get("task_id") for block in message.get("blocks") or [] if block.get("task_id"))
    return str(payload_of(message).get("turn_id") or next(tasks, ""))


def part_of(message: Mapping[str, Any]) -> int:
    """Which part of a reply a message is; 0 is the first."""
    return int(payload_of(message).get("part", 0))


def thread(calls: SlackCalls, address: Address) -> Iterator[Mapping[str, Any]]:
    """The messages of an address's thread, oldest first; none where Slack does not let us read it."""
    cursor = ""
    while True:
        try:
            page = calls.read(
                "conversations.replies",
                channel=address.channel,
                ts=address.thread,
                include_all_metadata=True,
                limit=_PAGE,
                **({"cursor": cursor} if cursor else {}),
            )
        except (Refused, Unwelcome, MessageGone) as error:
            _log.warning("the thread cannot be read", error=str(error))
            return
        yield from page.get("messages", [])
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def begun(calls: SlackCalls, address: Address, key: str) -> Address | None:
    """The thread that a turn began by itself, among the newest messages of an address's channel."""
    try:
        page = calls.read(
            "conversations.history", channel=address.channel, include_all_metadata=True, limit=_PAGE
        )
    except (Refused, Unwelcome, MessageGone) as error:
        _log.info("the channel cannot be read", error=str(error))
        return None
    found = (str(each["ts"]) for each in page.get("messages", []) if turn_id(each) == key)
    return next((address.model_copy(update={"thread": ts, "message": ts}) for ts in found), None)
