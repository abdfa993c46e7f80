"""The service on a machine of its own: sources at the stand-in, a store, a clock that a test sets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from services.rates.service import make_service
from services.rates.settings import RatesSettings
from services.template.answers import Answers, Value
from services.template.rawfiles import RawFiles
from services.template.service import Service
from services.template.store import Store
from services.template.sync import Sync
from tests.services.files import EUROS, STEADY, WEEKS, fred, pmms
from tests.services.upstream import Upstream


class Calendar:
    """A clock that stands still until it is set."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.hour = 18

    def __call__(self) -> datetime:
        return datetime.combine(self.day, time(self.hour), UTC)


@dataclass(frozen=True)
class Kit:
    """A service and what stands around it."""

    service: Service
    upstream: Upstream
    store: Store
    sync: Sync
    answers: Answers
    calendar: Calendar
    folder: Path

    def latest(self, series: str = "mortgage_30y") -> Value:
        return self.answers.latest([series]).values[0]

    def held(self) -> list[tuple[str, str, str]]:
        """Source, series and reason of whatever is held back."""
        return sorted((one.source, one.series, one.reason) for one in self.answers.quarantine().entries)

    def outcomes(self) -> dict[str, str]:
        """Run a sync and give the outcome of each source."""
        return {one.source: one.outcome for one in self.sync.run().looked}


def settings(upstream: Upstream, home: Path) -> RatesSettings:
    return RatesSettings(
        home=home,
        rates_pmms_url=f"{upstream.url}/pmms",
        rates_fred_url=f"{upstream.url}/fred?id=MORTGAGE30US",
        rates_ecb_url=f"{upstream.url}/ecb",
    )


def put_steady(upstream: Upstream, weeks: int = len(WEEKS)) -> None:
    """Put eight weeks without a surprise, or the first few of them."""
    rates = {day: STEADY[day] for day in WEEKS[:weeks]}
    upstream.put("pmms", pmms(rates))
    upstream.put("fred", fred(rates))
    upstream.put("ecb", EUROS)


@contextmanager
def kit(upstream: Upstream, home: Path) -> Iterator[Kit]:
    service = make_service(settings(upstream, home))
    calendar = Calendar(WEEKS[-1])
    store = Store(home / "store.db")
    files = RawFiles(home / "raw")
    sync = Sync(service, store, files, clock=calendar)
    try:
        yield Kit(service, upstream, store, sync, Answers(service, store, sync, calendar), calendar, home)
    finally:
        store.close()
