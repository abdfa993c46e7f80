"""Socket Mode: up to ten WebSockets that the app opens, and envelopes that it acknowledges."""

import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from bot.simulators.slack.delivery.parcel import Parcel
from bot.simulators.slack.record import Receipt

MOST = 10
"""Sockets that one app may hold."""


@dataclass(slots=True)
class _Pending:
    """An envelope that is on its way over one socket."""

    socket: ServerConnection
    done: threading.Event = field(default_factory=threading.Event)
    acknowledged: bool = False
    payload: Any = None


class Sockets:
    """The sockets of one app, and what it has not acknowledged yet."""

    def __init__(self, app_id: str, host: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._open: list[ServerConnection] = []
        self._pending: dict[str, _Pending] = {}
        self._changed = threading.Condition()
        self._turn = 0
        self._closed = False
        self._server = serve(self._serve, host, 0, process_request=self._admit)
        self._url = f"ws://{host}:{self._server.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="slack-sockets", daemon=True)
        self._thread.start()

    def __len__(self) -> int:
        return len(self._open)

    def ticket(self) -> str:
        """The address of a new socket; it opens once."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return f"{self._url}/link/?ticket={ticket}&app_id={self._app_id}"

    def wait(self, count: int = 1, seconds: float = 10.0) -> bool:
        """Wait until so many sockets are open."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._open) >= count, seconds)

    def deliver(self, parcel: Parcel, seconds: float) -> tuple[Receipt, bool]:
        """See `Transport`. Without an open socket, one is waited for just as long."""
        began = time.monotonic()
        envelope_id = str(uuid4())
        with self._changed:
            self._changed.wait_for(lambda: self._open or self._closed, seconds)
            if not self._open:
                return self._receipt(parcel, began, "connection_failed"), True
            self._turn += 1
            pending = _Pending(self._open[self._turn % len(self._open)])
            self._pending[envelope_id] = pending
        envelope = {
            "envelope_id": envelope_id,
            "type": parcel.kind,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.kind != "events_api",
        }
        if parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.attempt, "retry_reason": parcel.reason}
        reason = ""
        try:
            pending.socket.send(json.dumps(envelope))
        except ConnectionClosed:
            reason = "connection_failed"
        else:
            if not pending.done.wait(seconds):
                reason = "timeout"
            elif not pending.acknowledged:
                reason = "connection_failed"
        with self._changed:
            self._pending.pop(envelope_id, None)
        return self._receipt(parcel, began, reason, pending.payload), True

    def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask the app to open new sockets and close the present ones, as Slack does every few hours."""
        for connection in self._give_up():
            self._send(
                connection, {"type": "disconnect", "reason": reason, "debug_info": {"host": "simulator"}}
            )
            connection.close()

    def drop(self) -> None:
        """Lose every socket without a word."""
        for connection in self._give_up():
            connection.close(1011)

    def close(self) -> None:
        """Close everything; nobody waits for a socket any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._server.shutdown()
        self._thread.join()

    def _give_up(self) -> list[ServerConnection]:
        with self._changed:
            given_up, self._open = self._open, []
            return given_up

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        query = parse_qs(urlsplit(request.path).query)
        ticket = "".join(query.get("ticket", []))
        if ticket not in self._tickets:
            return connection.respond(HTTPStatus.FORBIDDEN, "this ticket is spent or was never given\n")
        self._tickets.discard(ticket)
        return None

    def _serve(self, connection: ServerConnection) -> None:
        with self._changed:
            crowded = len(self._open) >= MOST
            number = len(self._open) + 1
        if crowded:
            self._send(connection, {"type": "disconnect", "reason": "too_many_websockets", "debug_info": {}})
            return
        self._send(
            connection,
            {
                "type": "hello",
                "num_connections": number,
                "debug_info": {"host": "simulator", "approximate_connection_time": 18060},
                "connection_info": {"app_id": self._app_id},
            },
        )
        with self._changed:
            self._open.append(connection)
            self._changed.notify_all()
        try:
            for text in connection:
                self._acknowledge(str(text))
        except ConnectionClosed:
            pass
        finally:
            self._forget(connection)

    def _acknowledge(self, text: str) -> None:
        try:
            given = json.loads(text)
        except ValueError:
            return
        with self._changed:
            pending = self._pending.get(given.get("envelope_id", ""))
        if pending:
            pending.acknowledged = True
            pending.payload = given.get("payload")
            pending.done.set()

    def _forget(self, connection: ServerConnection) -> None:
        with self._changed:
            if connection in self._open:
                self._open.remove(connection)
            lost = [pending for pending in self._pending.values() if pending.socket is connection]
            self._changed.notify_all()
        for pending in lost:
            pending.done.set()

    def _send(self, connection: ServerConnection, message: dict[str, Any]) -> None:
        try:
            connection.send(json.dumps(message))
        except ConnectionClosed:
            return

    def _receipt(self, parcel: Parcel, began: float, reason: str, payload: Any = None) -> Receipt:
        taken = time.monotonic() - began
        return Receipt(parcel.kind, parcel.payload, parcel.attempt, not reason, reason, taken, body=payload)
