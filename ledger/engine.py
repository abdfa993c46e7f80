"""The way into the ledger's database: SQLite by default, PostgreSQL by one setting."""

import math
import sqlite3
import time
from pathlib import Path
from typing import TypeAlias

from pydantic import Field
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from core import plugins
from core.deadline import Deadline
from core.errors import Misconfigured
from core.settings import HomeSettings, Settings
from ledger.clock import milliseconds
from ledger.tables import HEAD
from ledger.transactions import SETTING, TURNSTILE, WRITES, reading, shown
from ledger.turnstile import Turnstile

Ledger: TypeAlias = Engine
"""What other rooms call the ledger's engine, which they hold and never look into."""

_DRIVERS = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


_CONNECTIONS = 10
_RETRY = 0.02
"""Seconds between two attempts at what SQLite does not wait for itself."""


class LedgerSettings(Settings):
    """Where the ledger is."""

    database_url: str = Field(
        default="",
        description="The ledger's database: a `postgresql://` or `sqlite:///` URL. "
        "Empty: `ledger.db` in the data folder.",
    )


def open_ledger(settings: LedgerSettings, home: HomeSettings, *, wait: float = 5.0) -> Engine:
    """Open the ledger, made or brought up to date where that is needed.

    Args:
        settings: which database.
        home: where the default database is.
        wait: seconds that a statement waits for a lock or a connection before it is given up. (A connection
            to PostgreSQL is given up after 2 s at the earliest: libpq knows nothing shorter.)

    Raises:
        Misconfigured: when the URL is wrong, or the ledger was made by a newer Candor.
        LedgerUnavailable: when the database is down or locked.
    """
    engine = connect(_url(settings, home), wait=wait)
    try:
        upgrade(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def writer(ledger: Ledger) -> Ledger:
    """The same ledger for somebody who begins transactions of their own, all of which may write."""
    return ledger.execution_options(**{WRITES: True})


def connect(url: URL, *, wait: float) -> Engine:
    """An engine that waits so many seconds for a lock. Nothing is connected yet."""
    return _sqlite(url, wait) if url.get_backend_name() == "sqlite" else _postgresql(url, wait)


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest migration; any number of processes may do so at once.

    Raises:
        Misconfigured: when the URL leads to no database of ours, or to one made by a newer Candor.
        LedgerUnavailable: when the database is down or locked.
    """
    try:
        with reading(engine) as connection:
            current = revision(connection)
    except DatabaseError as error:
        raise Misconfigured(f"{SETTING}: {shown(engine)} is not a ledger ({error.orig})") from None
    if current != HEAD:
        # Alembic is slow to import, and at the newest migration nobody needs it.
        plugins.load("ledger", "migrate", setting=SETTING).run(engine)


def revision(connection: Connection) -> str:
    """The migration that a database is at; empty where there is no ledger in it yet."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def _url(settings: LedgerSettings, home: HomeSettings) -> URL:
    if not settings.database_url:
        return URL.create("sqlite", database=str(home.folder() / "ledger.db"))
    try:
        url = make_url(settings.database_url)
    except (ArgumentError, ValueError):
        raise Misconfigured(
            f"{SETTING}: this is no database URL; write postgresql://user:password@host/name or sqlite:///file"
        ) from None
    if url.drivername not in _DRIVERS:
        raise Misconfigured(f"{SETTING}: {url.drivername} is not supported; use postgresql or sqlite")
    if url.get_backend_name() == "sqlite":
        _check_file(url.database or "")
    return url.set(drivername=_DRIVERS[url.drivername])


def _check_file(name: str) -> None:
    if not name or name.startswith((":memory:", "file:")):
        raise Misconfigured(
            f"{SETTING}: the ledger needs a file of its own; write sqlite:///path/to/ledger.db"
        )
    if not Path(name).absolute().parent.is_dir():
        raise Misconfigured(f"{SETTING}: there is no folder {Path(name).absolute().parent}; make it first")


def _postgresql(url: URL, wait: float) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=wait,
        pool_pre_ping=True,  # a server that was restarted costs nobody an answer
        connect_args={
            "connect_timeout": math.ceil(wait),
            "options": f"-c lock_timeout={milliseconds(wait)} -c statement_timeout={milliseconds(wait)}",
        },
    )


def _sqlite(url: URL, wait: float) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=wait,
        connect_args={"timeout": wait},
        execution_options={TURNSTILE: Turnstile(wait=wait)},
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours: see begin()
        _write_ahead(connection, wait)
        # In WAL mode NORMAL leaves every commit with the operating system, so that a killed process loses
        # nothing; a power cut may take the last moments, and never the file.
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later dies at once where another wrote in between
        # (SQLITE_BUSY_SNAPSHOT, for which no timeout waits); one that says at its start that it will
        # write waits for its turn.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(connection: sqlite3.Connection, wait: float) -> None:
    """Turn WAL mode on. The first to do so needs the file alone, and SQLite does not wait for that itself."""
    deadline = Deadline(wait)
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if not deadline.remaining():
                raise
            time.sleep(_RETRY)
        else:
            return
