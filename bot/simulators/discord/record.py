"""What the simulator took down: every request, every delivery, and every rule that was broken."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One request to the REST API. `body` is plain JSON: the form around uploaded files is undone.

    `path` begins after the version; `route` is the method and the path with names for ids. `at` is the
    simulator's time, `files` are the names of what was uploaded. `authorization` is what the request acted
    with: `bot`, or `token` for an interaction's own, or nothing.
    """

    method: str
    path: str
    route: str
    body: Any
    at: float
    status: int
    answer: Any
    authorization: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of Discord's that was broken.

    `rule` is a short name: `http 403`, `gateway 4008`, `interaction unanswered`. `detail` says how.
    """

    rule: str
    detail: str
    at: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """One interaction that was posted to the app's own address. `signed` is false for a forgery.

    `status` is 0 where no answer came, and `seconds` is the time until it did.
    """

    payload: dict[str, Any]
    signed: bool
    status: int
    body: Any
    seconds: float


class Record:
    """All that was taken down, oldest first. `changed` is notified after each entry."""

    def __init__(self, now: Callable[[], float]) -> None:
        self.requests: list[Request] = []
        self.findings: list[Finding] = []
        self.deliveries: list[Delivery] = []
        self.changed = threading.Condition()
        self._now = now

    def request(self, request: Request) -> None:
        """Take down a request."""
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()

    def delivery(self, delivery: Delivery) -> None:
        """Take down a delivery."""
        with self.changed:
            self.deliveries.append(delivery)
            self.changed.notify_all()

    def finding(self, rule: str, detail: str) -> None:
        """Take down a broken rule."""
        with self.changed:
            self.findings.append(Finding(rule, detail, self._now()))
            self.changed.notify_all()

    def wait_for(self, condition: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait until something holds of the record.

        Returns:
            What the condition returned; false in the end when the time is up.
        """
        with self.changed:
            return self.changed.wait_for(condition, seconds)
