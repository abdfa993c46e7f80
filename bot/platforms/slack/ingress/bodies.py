"""What the body of an interaction says: where it happened, who did it, and what they chose."""

from collections.abc import Mapping
from typing import Any

Body = Mapping[str, Any]


def workspace(body: Body) -> str:
    """The workspace, or the organisation where Slack names none."""
    return str((body.get("team") or body.get("enterprise") or {}).get("id", ""))


def channel(body: Body) -> str:
    """The channel; empty in a modal."""
    return str((body.get("channel") or {}).get("id", ""))


def person(body: Body) -> str:
    """Who did it, by id."""
    return str((body.get("user") or {}).get("id", ""))


def name(body: Body) -> str:
    """What people call whoever did it."""
    user = body.get("user") or {}
    return str(user.get("name") or user.get("username") or "")


def value(body: Body) -> str:
    """What the button carries, or what was chosen."""
    actions = body.get("actions") or [{}]
    return str(actions[0].get("value") or (actions[0].get("selected_option") or {}).get("value", ""))
