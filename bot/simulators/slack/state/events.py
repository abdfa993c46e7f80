"""What happens in a workspace, in the words of the Events API."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bot.simulators.slack.state.channels import SCOPES, Channel
from bot.simulators.slack.state.messages import Message


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `name` is what an app subscribes to; it needs the scope, and a seat in the channel."""

    name: str
    body: dict[str, Any]
    scope: str = ""
    channel: Channel | None = None


Emit = Callable[[str, Event], None]
"""Takes a workspace's id and what happened there, and returns at once."""


_LEFT_OUT = {
    "file_share": frozenset({"client_msg_id", "team"}),
    "me_message": frozenset({"blocks", "client_msg_id", "team"}),
    "thread_broadcast": frozenset({"parent_user_id", "team"}),
}
"""What the published types do not have in a message event of a subtype: nobody may count on it."""


def message_event(channel: Channel, body: dict[str, Any], stamp: str) -> Event:
    """A `message` event of any subtype, under the name that the channel's kind gives it."""
    where = {"channel": channel.id, "channel_type": channel.kind, "event_ts": stamp}
    name = f"message.{SCOPES[channel.kind]}"
    without = _LEFT_OUT.get(str(body.get("subtype")), frozenset())
    kept = {key: value for key, value in body.items() if key not in without}
    return Event(name, {"type": "message", **kept, **where}, channel.scope("history"), channel)


def mention_event(channel: Channel, body: dict[str, Any]) -> Event:
    """The `app_mention` that comes beside the message; never in a DM."""
    kept = {key: value for key, value in body.items() if key not in ("subtype", "parent_user_id")}
    where = {"channel": channel.id, "event_ts": body["ts"]}
    return Event("app_mention", {**kept, "type": "app_mention", **where}, "app_mentions:read", channel)


def changed_event(channel: Channel, now: dict[str, Any], before: dict[str, Any], stamp: str) -> Event:
    """`message_changed`: for an edit, and for anything else that touches a message."""
    body = {
        "subtype": "message_changed",
        "hidden": True,
        "ts": stamp,
        "message": now,
        "previous_message": before,
    }
    return message_event(channel, body, stamp)


def deleted_event(channel: Channel, before: dict[str, Any], stamp: str) -> Event:
    """`message_deleted`."""
    body = {
        "subtype": "message_deleted",
        "hidden": True,
        "ts": stamp,
        "deleted_ts": before["ts"],
        "previous_message": before,
    }
    return message_event(channel, body, stamp)


def reaction_event(
    channel: Channel, message: Message, user: str, *, name: str, kind: str, stamp: str
) -> Event:
    """`reaction_added` or `reaction_removed`."""
    item = {"type": "message", "channel": channel.id, "ts": message.ts}
    body = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": item,
        "item_user": message.user,
        "event_ts": stamp,
    }
    return Event(kind, body, "reactions:read", channel)


def link_event(
    channel: Channel, message: Message, domains: Iterable[str], *, bot_is_member: bool
) -> Event | None:
    """`link_shared`, where a message carries links to the app's own domains."""
    found = [{"url": url, "domain": urlsplit(url).hostname or ""} for url in message.unfurls]
    links = [link for link in found if link["domain"].endswith(tuple(domains))]
    if not links:
        return None
    body = {
        "type": "link_shared",
        "channel": channel.id,
        "user": message.user,
        "message_ts": message.ts,
        "is_bot_user_member": bot_is_member,
        "links": links,
        "event_ts": message.ts,
        "source": "conversations_history",
        "unfurl_id": str(uuid4()),
    }
    return Event("link_shared", body, "links:read", channel)


def member_event(channel: Channel, user: str, *, team: str, kind: str, inviter: str, stamp: str) -> Event:
    """`member_joined_channel` or `member_left_channel`."""
    letter = "C" if channel.kind == "channel" else "G"
    body = {
        "type": kind,
        "user": user,
        "channel": channel.id,
        "channel_type": letter,
        "team": team,
        "event_ts": stamp,
    }
    if inviter:
        body["inviter"] = inviter
    return Event(kind, body, channel.scope("read"), channel)
