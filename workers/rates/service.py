"""The live-rate service, seen from those who ask it: at its address, or as a child of this process."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from threading import Lock
from typing import Any

from pydantic import AwareDatetime, BaseModel, SecretStr, ValidationError

from core.deadline import Deadline
from core.tools import Fact
from workers.failures import Down, Refused
from workers.rates.child import Child
from workers.site import Site

_TITLE = "The rates service"
_OK, _NOT_FOUND, _CONFLICT = 200, 404, 409

_LOOK_SECONDS = 0.05


class SourceHealth(BaseModel):
    """How the service's last look at one of its sources ended."""

    outcome: str
    checked_at: AwareDatetime | None

    @property
    def failed(self) -> bool:
        """Whether nothing could be taken from the source."""
        return self.outcome in ("unreachable", "quarantined")


class Health(BaseModel):
    """How the service is, as far as those who ask it care."""

    status: str
    syncing: bool
    bundled: bool
    quarantined: int
    sources: tuple[SourceHealth, ...]


class LiveRates:
    """Asks the live-rate service. For any number of threads.

    Args:
        url: where it is; empty starts `command` at the first question, and ends it with `close`.
        command: what serves rates and prints its URL as the last word of its first line.
        patience: seconds that a service that has just been started is given for its first sync; then what is
            bundled must do.
    """

    def __init__(self, url: str, command: Sequence[str], *, patience: float = 4.0) -> None:
        self._site = Site(url, _TITLE) if url else None
        self._child = None if url else Child(command, _TITLE)
        self._lock = Lock()
        self._patience = patience
        self._served_at = url

    def values(self, series: Sequence[str], as_of: date | None, deadline: Deadline) -> tuple[Fact, ...]:
        """The last value of each series, or the one of a day.

        Raises:
            Down: the service does not answer, or nonsense.
            Refused: it has no such value.
        """
        path = f"/as-of/{as_of}" if as_of else "/latest"
        reply = self._open(deadline).ask("GET", path, deadline, params={"series": list(series)})
        if reply.status == _NOT_FOUND:
            raise Refused(f"{_TITLE} has no such value: {_detail(reply.data)}.")
        if reply.status != _OK:
            raise Down(f"{_TITLE} answered with an error ({reply.status}).")
        try:
            # Numbers stay as they were written: a float would lose digits or invent them.
            found = json.loads(reply.data, parse_float=str, parse_int=str)["values"]
            return tuple(_fact(value) for value in found)
        except (ValueError, KeyError, TypeError, ArithmeticError):
            raise Down(f"{_TITLE} answered with something that is no rate.") from None

    def health(self, deadline: Deadline) -> Health:
        """How the service is.

        Raises:
            Down: it does not answer, or nonsense.
        """
        return _health(self._open(deadline), deadline)

    def sync(self, token: SecretStr, deadline: Deadline) -> None:
        """Have the service look at its sources now; one that does so already is left to it.

        Raises:
            Down: it does not answer, or not as it should.
        """
        headers = {"Authorization": f"Bearer {token.get_secret_value()}"}
        reply = self._open(deadline).ask("POST", "/sync", deadline, headers=headers)
        if reply.status not in (_OK, _CONFLICT):
            raise Down(f"{_TITLE} did not sync ({reply.status}: {_detail(reply.data)}).")

    def close(self) -> None:
        """Close connections, and end the child where there is one."""
        with self._lock:
            if self._site:
                self._site.close()
            self._site = None
        if self._child:
            self._child.close()

    def _open(self, deadline: Deadline) -> Site:
        """The service, started if need be."""
        if self._child is None:
            assert self._site
            return self._site
        url = self._child.url(deadline)
        with self._lock:
            if self._site and url == self._served_at:
                return self._site
            site, self._site, self._served_at = self._site, Site(url, _TITLE), url
            if site:
                site.close()
            _await_first_sync(self._site, min(self._patience, deadline.remaining() / 2), deadline)
            return self._site


def _await_first_sync(site: Site, seconds: float, deadline: Deadline) -> None:
    """Give a new service a moment to sync, so that its first answer is not an old one."""
    until = time.monotonic() + seconds
    begun = False
    while time.monotonic() < until:
        health = _health(site, deadline)
        if not health.syncing and (begun or health.status != "starting"):
            return
        begun = begun or health.syncing
        time.sleep(_LOOK_SECONDS)


def _health(site: Site, deadline: Deadline) -> Health:
    try:
        return Health.model_validate_json(site.ask("GET", "/health", deadline).data)
    except ValidationError:
        raise Down(f"{_TITLE} answered with something else than its health.") from None


def _fact(value: Mapping[str, Any]) -> Fact:
    if not Decimal(value["value"]).is_finite():
        raise ValueError("no number")
    return Fact(
        label=str(value["title"]),
        value=value["value"],
        unit=str(value["unit"]),
        as_of=date.fromisoformat(value["as_of"]),
        source=str(value["source"]),
        url=str(value.get("url", "")),
        stale=str(value["stale_reason"]) if value["stale"] else "",
        caution=str(value["note"]),
    )


def _detail(data: bytes) -> str:
    try:
        return str(json.loads(data)["detail"])[:200]
    except (ValueError, KeyError, TypeError):
        return "it does not say why"
