"""The task that has the live-rate service sync, where the clock of `candor beat` decides when."""

from datetime import UTC, datetime, timedelta

from celery import Celery

from core import log
from core.deadline import Deadline
from core.errors import CandorError
from core.queue import SYNC_RATES
from workers.rates.service import Health, LiveRates
from workers.rates.settings import LiveRatesSettings

_log = log.get(__name__)

EVERY = timedelta(days=1)
"""Between two looks at a source."""

RETRY = timedelta(hours=1)
"""After a look that failed."""

_SYNC_SECONDS = 120.0
"""A sync downloads files of a few hundred kilobytes from three servers, one after the other."""


def register(app: Celery, rates: LiveRates, settings: LiveRatesSettings) -> None:
    """Add the task to an app."""

    def sync() -> None:
        deadline = Deadline(_SYNC_SECONDS)
        try:
            if due(rates.health(deadline), datetime.now(UTC)):
                rates.sync(settings.rates_token, deadline)
        except CandorError as error:
            _log.warning("rates not synced", error=str(error))

    app.task(name=SYNC_RATES, shared=False)(sync)


def due(health: Health, now: datetime) -> bool:
    """Whether a source was never looked at, or long ago, or failed and may be tried again."""
    if health.syncing:
        return False
    return any(
        source.checked_at is None or now - source.checked_at >= (RETRY if source.failed else EVERY)
        for source in health.sources
    )
