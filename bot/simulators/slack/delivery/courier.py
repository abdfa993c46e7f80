"""Brings what happens to the app: again and again where it must, once where it may not."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from bot.simulators.clock import Clock
from bot.simulators.slack.delivery.parcel import Kind, Parcel, Transport
from bot.simulators.slack.record import Receipt

RETRIES = (0.0, 60.0, 300.0)
"""Seconds before each further attempt to deliver an event: at once, after a minute, after five more."""

AT_ONCE = 32
"""Deliveries on their way at the same time."""


class Courier:
    """Delivers over one transport at a time.

    Attributes:
        receipts: how each attempt ended, oldest first.
        seconds: how long Slack waits for an acknowledgement.
    """

    def __init__(self, clock: Clock, transport: Transport, seconds: float) -> None:
        self.transport = transport
        self.receipts: list[Receipt] = []
        self.seconds = seconds
        self._clock = clock
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="slack-courier")
        self._changed = threading.Condition()
        self._on_the_way = 0
        self._closing = False

    def event(self, payload: dict[str, Any]) -> None:
        """Deliver an event soon, with up to three further attempts."""
        self._submit(Parcel("events_api", payload))

    def interaction(self, kind: Kind, payload: dict[str, Any]) -> Receipt:
        """Deliver an interaction or a command now: there is one attempt, and somebody waits for it."""
        receipt, _ = self.transport.deliver(Parcel(kind, payload), self.seconds)
        self._keep(receipt)
        return receipt

    def settle(self, seconds: float) -> bool:
        """Wait until nothing is on its way; attempts that are due later do not count."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._on_the_way, seconds)

    def wait_for(self, condition: Callable[[list[Receipt]], Any], seconds: float = 10.0) -> Any:
        """Wait until something holds of the receipts.

        Returns:
            What the condition returned; false in the end when the time is up.
        """
        with self._changed:
            return self._changed.wait_for(lambda: condition(self.receipts), seconds)

    def close(self) -> None:
        """Deliver nothing more."""
        with self._changed:
            self._closing = True
        self._pool.shutdown(cancel_futures=True)

    def _submit(self, parcel: Parcel) -> None:
        with self._changed:
            if self._closing:
                return
            self._on_the_way += 1
            self._pool.submit(self._deliver, parcel)

    def _deliver(self, parcel: Parcel) -> None:
        try:
            receipt, retry = self.transport.deliver(parcel, self.seconds)
            self._keep(receipt)
            if not receipt.acknowledged and retry and parcel.attempt < len(RETRIES):
                again = Parcel(parcel.kind, parcel.payload, parcel.attempt + 1, receipt.reason)
                delay = RETRIES[parcel.attempt]
                # The first retry is on its way before this attempt is over, so that `settle` waits for it.
                self._clock.call_later(delay, partial(self._submit, again)) if delay else self._submit(again)
        finally:
            with self._changed:
                self._on_the_way -= 1
                self._changed.notify_all()

    def _keep(self, receipt: Receipt) -> None:
        with self._changed:
            self.receipts.append(receipt)
            self._changed.notify_all()
