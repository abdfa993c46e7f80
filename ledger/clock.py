"""The database's clock, the only one that the ledger trusts: hosts' clocks differ and jump."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class now(FunctionElement[int]):  # noqa: N801, written in statements like the SQL functions beside it
    """Milliseconds since the Unix epoch at the start of the statement, by the database's clock."""

    type = BigInteger()
    inherit_cache = True


@compiles(now, "sqlite")
def _sqlite(_element: now, _compiler: SQLCompiler, **_options: Any) -> str:
    # 2440587.5 is the Julian day of the epoch. SQLite counts whole milliseconds inside; rounding drops what
    # the day's floating point adds. Its own 'subsec' is newer than the SQLite of Debian 12.
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)"


@compiles(now, "postgresql")
def _postgresql(_element: now, _compiler: SQLCompiler, **_options: Any) -> str:
    # clock_timestamp() would keep the planner from using an index.
    return "CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000 AS BIGINT)"


def milliseconds(seconds: float) -> int:
    """Seconds as the ledger counts time."""
    return round(seconds * 1000)


def moment(milliseconds_since_epoch: int) -> datetime:
    """A time of the ledger as an aware datetime (UTC)."""
    return datetime.fromtimestamp(milliseconds_since_epoch / 1000, UTC)
