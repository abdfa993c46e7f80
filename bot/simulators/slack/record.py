"""What the simulator took down: every call of the Web API, and every delivery to the app."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One call as it came in. `body` is plain JSON: form encoding is undone. `at` is the simulator's time.

    `answer` is what was said in return, and `status` the HTTP status it was said with.
    """

    method: str
    body: dict[str, Any]
    at: float
    token: str
    status: int
    answer: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """How one attempt to deliver ended.

    `kind` is `events_api`, `interactive` or `slash_commands`. `reason` is empty once it was acknowledged, or
    Slack's word for what went wrong. `seconds` is the time until then. `body` is the acknowledgement's own.
    """

    kind: str
    payload: dict[str, Any]
    attempt: int
    acknowledged: bool
    reason: str
    seconds: float
    status: int = 0
    body: Any = None

    @property
    def event_id(self) -> str:
        """The event's id; empty for an interaction or a command."""
        return str(self.payload.get("event_id", ""))
