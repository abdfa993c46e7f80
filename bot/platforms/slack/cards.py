"""Slack's cards: questions that are handed to a channel, or to each person of a user group."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot import outgoing
from bot.outgoing import NO_PREVIEWS
from bot.platforms.slack import PLATFORM, handover
from bot.platforms.slack.calls import Refused, SlackCalls
from core import log
from core.errors import CandorError, MessageGone, Unwelcome
from core.messages import Address
from ledger.escalations import Escalation

_log = log.get(__name__)

EVENT_TYPE = "candor_handover"
"""The type of the metadata that cards carry."""

_GROUP, _PERSON = "S", ("U", "W")
"""How the ids of user groups and of people begin."""

_PAGE = 200


class SlackCards:
    """Posts and edits cards. The thread of a card is where experts reply."""

    def __init__(self, calls: SlackCalls) -> None:
        self._calls = calls

    def recipients(self, workspace: str, experts: str) -> Sequence[str]:
        """The channel itself, or the people of a user group: each gets a card of their own."""
        if not experts.startswith(_GROUP):
            return (experts,)
        found = self._calls.at(workspace).read("usergroups.users.list", usergroup=experts)
        return tuple(map(str, found.get("users", ())))

    def find(self, workspace: str, recipient: str, escalation: Escalation) -> Address | None:
        """The recipient's card among the newest messages; none where Slack does not let us read them."""
        calls = self._calls.at(workspace)
        try:
            channel = self._channel(calls, recipient)
            page = calls.read(
                "conversations.history", channel=channel, include_all_metadata=True, limit=_PAGE
            )
        except (Refused, Unwelcome, MessageGone) as error:
            _log.info("no card to be found", error=str(error))
            return None
        for message in page.get("messages", []):
            if _turn_id(message) == escalation.turn_id:
                return _address(workspace, channel, str(message["ts"]))
        return None

    def post(self, workspace: str, recipient: str, escalation: Escalation) -> Address:
        """Post a card, to a person in their direct messages."""
        calls = self._calls.at(workspace)
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"turn_id": escalation.turn_id}}
        sent = calls.write(
            "chat.postMessage",
            channel=self._channel(calls, recipient),
            **outgoing.clean(handover.card(escalation)),
            metadata=metadata,
            **NO_PREVIEWS,
        )
        return _address(workspace, str(sent["channel"]), str(sent["ts"]))

    def update(self, message: Address, escalation: Escalation) -> None:
        """Show an escalation as it is now."""
        self._calls.at(message.workspace).write(
            "chat.update",
            channel=message.channel,
            ts=message.message,
            **outgoing.clean(handover.card(escalation)),
        )

    def is_public(self, place: Address) -> bool:
        """Whether everybody in its workspace may read an address's channel; false where that is not known."""
        try:
            found = self._calls.at(place.workspace).read("conversations.info", channel=place.channel)
        except CandorError as error:
            _log.info("the channel counts as private", error=str(error))
            return False
        channel = found.get("channel") or {}
        hidden = any(channel.get(name) for name in ("is_private", "is_im", "is_mpim", "is_group"))
        return bool(channel.get("is_channel")) and not hidden

    def _channel(self, calls: SlackCalls, recipient: str) -> str:
        if not recipient.startswith(_PERSON):
            return recipient
        opened = calls.write("conversations.open", users=recipient)
        return str(opened["channel"]["id"])


def _address(workspace: str, channel: str, ts: str) -> Address:
    return Address(platform=PLATFORM, workspace=workspace, channel=channel, thread=ts, message=ts)


def _turn_id(message: Mapping[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return str(payload.get("turn_id", "")) if metadata.get("event_type") == EVENT_TYPE else ""
