"""Discord's cards: questions that are handed to a channel, or to each person of a role."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from bot.platforms.discord import PLATFORM, handover
from bot.platforms.discord.calls import DiscordCalls, Refused
from bot.platforms.discord.guilds import NOT_THERE, Guilds
from bot.platforms.discord.places import DIRECT, ROLE, chain
from core import log
from core.errors import CandorError, MessageGone, Unwelcome
from core.messages import Address
from ledger.escalations import Escalation

_log = log.get(__name__)

_PERSON = "@"
"""What a recipient begins with who is a person, and gets the card in their direct messages."""

_PAGE, _LOOKED_THROUGH = 1000, 100


class DiscordCards:
    """Posts and edits cards."""

    def __init__(self, calls: DiscordCalls) -> None:
        self._calls = calls
        self._guilds = Guilds(calls)

    def recipients(self, workspace: str, experts: str) -> Sequence[str]:
        """The channel itself, or the people of a role: each gets a card of their own.

        Raises:
            Unwelcome: Discord does not say who has the role; that takes the app's server members intent.
        """
        if not experts.startswith(ROLE):
            return (experts,)
        role = experts.removeprefix(ROLE)
        servers = self._guilds.all() if workspace == DIRECT else [workspace]
        server = next((each for each in servers if role in self._guilds.of(each).roles), "")
        return tuple(self._members(server, role)) if server else ()

    def find(self, _workspace: str, recipient: str, escalation: Escalation) -> Address | None:
        """The recipient's card among the newest messages; none where Discord does not let us read them."""
        try:
            channel = self._channel(recipient)
            said = self._calls.read(f"/channels/{channel}/messages", limit=_LOOKED_THROUGH) or []
        except (Refused, Unwelcome, MessageGone) as error:
            _log.info("no card to be found", error=str(error))
            return None
        marks = {f"{action}:{escalation.turn_id}" for action in (handover.CLAIM, handover.EXPERT)}
        found = (each for each in said if marks.intersection(_custom_ids(each)))
        return next((_address(_workspace, channel, str(each["id"])) for each in found), None)

    def post(self, workspace: str, recipient: str, escalation: Escalation) -> Address:
        """Post a card, to a person in their direct messages; its repeat is recognised."""
        nonce = hashlib.sha256(f"{escalation.turn_id}/{recipient}".encode()).hexdigest()[:24]
        channel = self._channel(recipient)
        path = f"/channels/{channel}/messages"
        sent = self._calls.say("POST", path, handover.card(escalation), nonce=nonce, enforce_nonce=True)
        return _address(workspace, channel, str(sent["id"]))

    def update(self, message: Address, escalation: Escalation) -> None:
        """Show an escalation as it is now."""
        path = f"/channels/{message.channel}/messages/{message.message}"
        self._calls.say("PATCH", path, handover.card(escalation))

    def is_public(self, place: Address) -> bool:
        """Whether everybody in its server may look into a channel; false where that is not known."""
        if place.workspace == DIRECT:
            return False
        try:
            return self._guilds.of(place.workspace).is_open(place.channel)
        except CandorError as error:
            _log.info("the channel counts as private", error=str(error))
            return False

    def _members(self, server: str, role: str) -> list[str]:
        found: list[str] = []
        after = "0"
        while True:
            try:
                page = self._calls.read(f"/guilds/{server}/members", limit=_PAGE, after=after) or []
            except NOT_THERE as error:
                raise Unwelcome(
                    f"experts: Discord does not say who has a role; grant Server Members Intent ({error})"
                ) from None
            found += [
                f"{_PERSON}{each['user']['id']}"
                for each in page
                if role in each.get("roles", ()) and not each["user"].get("bot")
            ]
            if len(page) < _PAGE:
                return found
            after = str(page[-1]["user"]["id"])

    def _channel(self, recipient: str) -> str:
        if not recipient.startswith(_PERSON):
            return recipient
        opened = self._calls.do(
            "POST", "/users/@me/channels", {"recipient_id": recipient.removeprefix(_PERSON)}
        )
        return str(opened["id"])


def _address(workspace: str, channel: str, message: str) -> Address:
    return Address(
        platform=PLATFORM, workspace=workspace, channel=channel, thread=chain(message), message=message
    )


def _custom_ids(message: Mapping[str, Any]) -> set[str]:
    rows = message.get("components") or []
    return {str(each.get("custom_id", "")) for row in rows for each in row.get("components") or []}
