"""What an interaction hands the app to act with: trigger ids and response URLs."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.simulators.slack.errors import SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 1800.0
RESPONSES = 5
"""How often a response URL may be used."""


@dataclass(slots=True)
class _Trigger:
    team: str
    user: str
    until: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer an interaction, whether it is a member of the channel or not."""

    team: str
    channel: str
    user: str
    message: str
    thread: str
    until: float
    left: int = RESPONSES


class Triggers:
    """Gives out trigger ids and response URLs, and takes them back."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._triggers: dict[str, _Trigger] = {}
        self._responses: dict[str, ResponseUrl] = {}

    def issue(self, team: str, user: str) -> str:
        """A trigger id for one interaction of one person."""
        name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(8)}"
        self._triggers[name] = _Trigger(team, user, self._now() + TRIGGER_SECONDS)
        return name

    def exchange(self, name: str, team: str) -> str:
        """The person whose interaction it was; a trigger works once, and for three seconds.

        Raises:
            SlackError: `invalid_trigger_id`, `exchanged_trigger_id` or `expired_trigger_id`.
        """
        trigger = self._triggers.get(name)
        if trigger is None or trigger.team != team:
            raise SlackError("invalid_trigger_id")
        with self._lock:
            if trigger.used:
                raise SlackError("exchanged_trigger_id")
            if self._now() > trigger.until:
                raise SlackError("expired_trigger_id")
            trigger.used = True
        return trigger.user

    def response_url(self, team: str, channel: str, user: str, message: str = "", thread: str = "") -> str:
        """The name of a new response URL: what follows `/responses/`."""
        name = f"{team}/{secrets.randbelow(10**12)}/{secrets.token_hex(12)}"
        self._responses[name] = ResponseUrl(
            team, channel, user, message, thread, self._now() + RESPONSE_SECONDS
        )
        return name

    def use(self, name: str) -> ResponseUrl:
        """Use a response URL once.

        Raises:
            SlackError: `expired_url` or `used_url`, or `invalid_url` for none of ours.
        """
        response = self._responses.get(name)
        if response is None:
            raise SlackError("invalid_url")
        if self._now() > response.until:
            raise SlackError("expired_url")
        with self._lock:
            if not response.left:
                raise SlackError("used_url")
            response.left -= 1
        return response
