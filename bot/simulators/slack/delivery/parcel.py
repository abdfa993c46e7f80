"""What is delivered to an app, and what delivers it."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.simulators.slack.record import Receipt

Kind = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One attempt to deliver one thing. `attempt` is 0 at first; `reason` says why the last one failed."""

    kind: Kind
    payload: dict[str, Any]
    attempt: int = 0
    reason: str = ""


class Transport(Protocol):
    """A way to the app."""

    def deliver(self, parcel: Parcel, seconds: float) -> tuple[Receipt, bool]:
        """Deliver, and wait at most so long for the acknowledgement.

        Returns:
            How it ended, and whether another attempt is welcome if it failed.
        """
        ...
