"""The service's own clock."""

import threading

from services.template.timer import Timer
from tests.cli.candor import eventually
from tests.services.rates.kit import Kit

SOURCES = ["pmms", "fred", "ecb"]
HOUR = 3600


def timer(rates: Kit, hours: float) -> Timer:
    return Timer(rates.sync, rates.store, SOURCES, hours, rates.calendar)


def test_what_was_never_synced_is_due_at_once(rates: Kit) -> None:
    assert timer(rates, 24).seconds() == 0


def test_what_was_synced_waits_for_its_hours(rates: Kit) -> None:
    rates.sync.run()
    assert timer(rates, 4).seconds() == 4 * HOUR
    rates.calendar.hour += 3
    assert timer(rates, 4).seconds() == HOUR
    rates.calendar.hour += 2
    assert timer(rates, 4).seconds() == 0


def test_after_a_failure_an_hour_is_enough(rates: Kit) -> None:
    rates.upstream.pages["fred"].status = 503
    rates.sync.run()
    assert timer(rates, 24).seconds() == HOUR
    assert timer(rates, 0.5).seconds() == HOUR / 2


def test_it_goes_on_until_it_is_closed(rates: Kit) -> None:
    running = timer(rates, 1e-9)
    running.start()
    eventually(lambda: len(rates.upstream.statuses("ecb")) >= 3)
    running.close()
    eventually(lambda: "sync-timer" not in {thread.name for thread in threading.enumerate()})
