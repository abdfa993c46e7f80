"""The service over the sources' own files, where these lie beside the checkout."""

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from services.rates.euro import parse_ecb
from services.rates.mortgage import parse_fred, parse_pmms
from services.template.service import Reading
from tests.services.rates.kit import Kit, kit
from tests.services.upstream import Upstream

FILES: Final = Path(__file__).parents[4] / "shared" / "data" / "rates"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not FILES.is_dir(), reason="missing here: downloaded files of the rates' sources"),
]

COMMON: Final = 2_773
"""Dates that both mortgage files have."""

NEWEST: Final = date(2025, 2, 13)
JUMPS: Final = {date(1979, 11, 2), date(1980, 3, 14), date(1980, 5, 9), date(1980, 5, 23), date(1987, 4, 17)}


def thirty(reading: Reading) -> dict[date, float]:
    return {point.day: point.value for point in reading if point.series == "mortgage_30y"}


def body(name: str) -> bytes:
    return (FILES / name).read_bytes()


@pytest.fixture
def real(sources: Upstream, tmp_path: Path) -> Iterator[Kit]:
    for path, name in {
        "pmms": "PMMS_history.csv",
        "fred": "FRED_MORTGAGE30US.csv",
        "ecb": "ECB_eurofxref_hist_sample.csv",
    }.items():
        sources.put(path, body(name))
    with kit(sources, tmp_path) as made:
        made.calendar.day = date(2026, 4, 14)
        yield made


def test_the_two_mortgage_files_agree_on_every_date_that_they_share() -> None:
    pmms = thirty(parse_pmms(body("PMMS_history.csv")))
    fred = thirty(parse_fred(body("FRED_MORTGAGE30US.csv")))
    common = pmms.keys() & fred.keys()
    assert len(common) == COMMON
    assert {day for day in common if pmms[day] != fred[day]} == set()


def test_no_value_of_the_real_files_is_quarantined_and_each_is_served(real: Kit) -> None:
    assert real.outcomes() == dict.fromkeys(("pmms", "fred", "ecb"), "new")
    assert real.held() == []
    served = real.answers.between("mortgage_30y", date(1971, 1, 1), NEWEST, 10_000).values
    fred = thirty(parse_fred(body("FRED_MORTGAGE30US.csv")))
    assert {value.as_of: value.value for value in served} == fred
    assert (real.latest().as_of, real.latest().stale) == (NEWEST, True)


def test_the_history_of_the_ecb_is_read_to_its_first_day(real: Kit) -> None:
    real.sync.run()
    dollars = real.answers.between("eur_usd", date(1999, 1, 1), date(2026, 4, 13), 10_000).values
    assert len(dollars) == 263
    assert (dollars[0].as_of, dollars[0].value) == (date(1999, 1, 4), 1.1789)
    assert (dollars[-1].as_of, dollars[-1].value) == (date(2026, 4, 13), 1.1684)


def test_the_daily_files_of_the_ecb_are_read() -> None:
    daily = {point.series: point for point in parse_ecb(body("ECB_eurofxref_daily.csv"))}
    assert (daily["eur_usd"].day, daily["eur_usd"].value) == (date(2026, 4, 13), 1.1684)
    assert len(daily) > 25
    trimmed = parse_ecb(body("ECB_eurofxref-daily.xml"))
    assert [point.day for point in trimmed] == [date(2022, 7, 8)] * 5


def test_the_five_real_jumps_were_in_both_files(real: Kit) -> None:
    pmms = thirty(parse_pmms(body("PMMS_history.csv")))
    days = sorted(pmms)
    far = {day for before, day in itertools.pairwise(days) if abs(pmms[day] - pmms[before]) > 0.75}
    assert far == JUMPS
    real.sync.run()
    assert real.held() == []


def test_a_newer_file_in_another_layout_of_fred_is_read() -> None:
    newer = thirty(parse_fred(body("FRED_MORTGAGE30US_2026_unverified.csv")))
    assert (min(newer), max(newer)) == (date(2026, 1, 8), date(2026, 10, 1))
