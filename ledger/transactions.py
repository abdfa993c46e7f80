"""Transactions, and what a database's failure is called outside the ledger."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from core.errors import LedgerUnavailable, Misconfigured
from ledger.turnstile import Turnstile

SETTING: Final = "CANDOR_DATABASE_URL"

WRITES: Final = "candor_writes"
"""The execution option that marks a transaction as one that writes."""

TURNSTILE: Final = "candor_turnstile"
"""The execution option of an engine whose writers go one by one."""


# libpq tells why it could not connect by its words alone: there is no SQLSTATE yet.
_WRONG_URL = re.compile(r'authentication failed|no password supplied|(role|database) "[^"]*" does not exist')


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that reads.

    Raises:
        LedgerUnavailable: when the database is down, or locked for longer than the engine waits.
    """
    with reaching(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes; it is committed at the end, and rolled back when an error comes through.

    Raises:
        LedgerUnavailable: as for `reading`.
    """
    turnstile: Turnstile | None = engine.get_execution_options().get(TURNSTILE)
    with (
        reaching(engine),
        turnstile.passing() if turnstile else nullcontext(),
        engine.connect() as connection,
        connection.execution_options(**{WRITES: True}).begin(),
    ):
        yield connection


@contextmanager
def reaching(engine: Engine) -> Iterator[None]:
    """Say in Candor's words that the database does not answer.

    Raises:
        Misconfigured: when it turns the URL's user or database away.
        LedgerUnavailable: for a lost connection, a lock, a time that ran out, a full disk and their like.
    """
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, PoolTimeoutError, TimeoutError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split())
        if _WRONG_URL.search(reason):
            raise Misconfigured(f"{SETTING}: {shown(engine)} turned us away ({reason})") from error
        raise LedgerUnavailable(
            f"{SETTING}: the ledger at {shown(engine)} does not answer ({reason}); "
            "see that the database runs and that nothing keeps it locked"
        ) from error


def shown(engine: Engine) -> str:
    """An engine's URL without its password."""
    return engine.url.render_as_string(hide_password=True)
