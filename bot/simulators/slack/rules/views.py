"""What Slack accepts as a modal or a Home tab."""

import json
from typing import Any

from bot.simulators.slack.errors import SlackError, invalid_arguments
from bot.simulators.slack.rules.blocks import check_blocks
from bot.simulators.slack.rules.findings import Findings

LARGEST = 250 * 1024
"""Bytes of a view's JSON."""

_COMMON = ("blocks", "private_metadata", "callback_id", "external_id")
_MODAL = (*_COMMON, "title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")


def check_view(view: Any, kind: str) -> None:
    """Refuse what Slack would refuse as a view of this kind: `modal` or `home`.

    Raises:
        SlackError: `invalid_arguments`, `view_too_large`, or what the blocks earn.
    """
    if not isinstance(view, dict):
        raise invalid_arguments("[ERROR] must be an object [json-pointer:/view]")
    if len(json.dumps(view).encode()) > LARGEST:
        raise SlackError("view_too_large")
    found = Findings()
    if view.get("type") != kind:
        found.add("must be a valid enum value", "/view/type")
    if kind == "modal":
        found.keys(view, ("type", *_MODAL), ("title", "blocks"), "/view")
        for key in ("title", "submit", "close"):
            found.text(view, key, 24, "/view", plain=True)
        asks = any(
            isinstance(block, dict) and block.get("type") == "input" for block in view.get("blocks", [])
        )
        if asks and not view.get("submit"):
            found.add("submit is required when an input block is within blocks", "/view/submit")
    else:
        found.keys(view, ("type", *_COMMON), ("blocks",), "/view")
    found.string(view, "private_metadata", 3000, "/view")
    found.string(view, "callback_id", 255, "/view")
    found.string(view, "external_id", 255, "/view")
    if found.messages:
        raise invalid_arguments(*found.messages)
    check_blocks(view["blocks"], in_view=True)
