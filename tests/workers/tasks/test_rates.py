"""The task that has the live-rate service sync."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from core.deadline import Deadline
from core.queue import SYNC_ALL, SYNC_RATES
from core.settings import HomeSettings
from tests.services.conftest import sources as sources  # noqa: PLC0414 - a fixture
from tests.services.files import STEADY, WEEKS
from tests.services.rates.kit import put_steady
from tests.services.upstream import Upstream
from tests.workers.rates.serving import TOKEN, service
from workers.app import App, WorkerSettings, make_app
from workers.rates.service import LiveRates
from workers.rates.settings import LiveRatesSettings
from workers.tasks import rates


@pytest.fixture
def live(sources: Upstream, tmp_path: Path) -> Iterator[LiveRates]:
    put_steady(sources)
    with service(sources, tmp_path) as url, closing(LiveRates(url, ())) as asked:
        yield asked


def clocked(home: Path, live: LiveRates, token: str = TOKEN) -> App:
    app = make_app(WorkerSettings(), HomeSettings(home=home), syncs_rates=True)
    rates.register(app, live, LiveRatesSettings(rates_token=SecretStr(token)))
    return app


def test_the_clock_sends_it_only_where_it_is_wanted(tmp_path: Path) -> None:
    home = HomeSettings(home=tmp_path)
    sent = {
        wanted: [
            entry["task"]
            for entry in make_app(WorkerSettings(), home, syncs_rates=wanted).conf.beat_schedule.values()
        ]
        for wanted in (False, True)
    }
    assert sent == {False: [SYNC_ALL], True: [SYNC_ALL, SYNC_RATES]}


def test_a_service_that_never_synced_is_synced_and_then_left_alone(
    live: LiveRates, sources: Upstream, tmp_path: Path
) -> None:
    sync = clocked(tmp_path, live).tasks[SYNC_RATES]
    sync()
    assert live.values(("mortgage_30y",), None, Deadline(10))[0].value == str(STEADY[WEEKS[-1]])
    asked = len(sources.asked)
    assert asked == 3


def test_a_wrong_token_or_no_service_ends_the_task_and_no_more(
    live: LiveRates, sources: Upstream, tmp_path: Path
) -> None:
    clocked(tmp_path, live, token="wrong").tasks[SYNC_RATES]()
    assert sources.asked == []
    with closing(LiveRates("http://127.0.0.1:1", ())) as down:
        clocked(tmp_path, down).tasks[SYNC_RATES]()
