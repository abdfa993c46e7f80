"""An agent's sessions: what a thread shows of the assistant at work."""

from dataclasses import dataclass, field
from typing import Literal, get_args

Status = Literal["processing", "active", "suspended", "closed"]
STATUSES = get_args(Status)
SHOWN_SECONDS = 120.0
"""How long a status of `assistant.threads.setStatus` stays without a message."""


@dataclass(slots=True)
class Session:
    """One thread's session.

    `agents.sessions.setStatus` and `assistant.threads.setStatus` write the same place on the screen, and the
    last one wins. `line` is what stands there now; `history` keeps every line that stood there.
    """

    status: Status = "active"
    title: str = ""
    prompts: list[dict[str, str]] = field(default_factory=list)
    history: list[str] = field(default_factory=list)
    _line: str = ""
    _until: float = 0.0

    def show(self, line: str, now: float) -> None:
        """Put a line in the place, or clear it with an empty one."""
        self._line = line
        self._until = now + SHOWN_SECONDS
        self.history.append(line)

    def set(self, status: Status, now: float) -> None:
        """Move to a status; while processing, the place says so until something else is said."""
        self.status = status
        self.show("processing" if status == "processing" else "", now)
        if status == "processing":
            self._until = float("inf")

    def line(self, now: float) -> str:
        """What stands there now."""
        return self._line if now < self._until else ""
