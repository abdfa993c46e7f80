"""Lists in pages, as cursors walk through them."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.web.call import Call

_T = TypeVar("_T")

LARGEST = 1000


def page(call: Call, items: Sequence[_T], *, default: int = 100) -> tuple[list[_T], dict[str, Any]]:
    """The part of a list that `cursor` and `limit` ask for.

    Returns:
        The items, and the fields of the answer that lead on.

    Raises:
        SlackError: `invalid_cursor` or `invalid_limit`.
    """
    limit = call.body.get("limit") or default
    if not isinstance(limit, int) or not 0 < limit <= LARGEST:
        raise SlackError("invalid_limit")
    start = _start(call.text("cursor"))
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return list(items[start:end]), {"response_metadata": {"next_cursor": following}}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        name, _, place = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise SlackError("invalid_cursor") from None
    if name != "next" or not place.isdecimal():
        raise SlackError("invalid_cursor")
    return int(place)
