from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, select

from ledger.clock import milliseconds, moment, now
from ledger.transactions import reading


def test_the_database_counts_milliseconds_since_the_epoch(engine: Engine) -> None:
    before = datetime.now(UTC)
    with reading(engine) as connection:
        told = connection.execute(select(now())).scalar_one()
    assert before - timedelta(milliseconds=2) <= moment(told) <= datetime.now(UTC) + timedelta(milliseconds=2)


def test_the_time_does_not_stand_still_within_a_transaction(engine: Engine) -> None:
    with reading(engine) as connection:
        first = connection.execute(select(now())).scalar_one()
        later = first
        while later == first:
            later = connection.execute(select(now())).scalar_one()
    assert later > first


def test_seconds_and_moments_convert() -> None:
    assert milliseconds(1.5) == 1500
    assert moment(1_500) == datetime(1970, 1, 1, 0, 0, 1, 500_000, UTC)
