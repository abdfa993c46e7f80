"""SQLite: opened to be read only, with an authorizer that allows the views and nothing else."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

from core.deadline import Deadline
from core.errors import Misconfigured
from workers.failures import Down
from workers.tools.query_database.database import Database, Table, View, WrongSQL, parted
from workers.tools.query_database.grammar import FUNCTIONS

DIALECT = "sqlite"
_TITLE = "The database"
_LONGEST_VALUE = 1_000_000
"""Bytes of a string or a row that SQLite makes on the way."""

_LONGEST_PATTERN = 200
"""Bytes of a pattern: while it is matched nobody looks at the clock."""

_STEPS = 1000
"""Instructions of SQLite's machine between two looks at the clock: less than a millisecond."""

Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]


def open_database(url: str) -> Database:
    """The database in the file that a URL names.

    Raises:
        Misconfigured: it names no file.
    """
    name = urlsplit(url).path.removeprefix("/")
    if not name:
        raise Misconfigured("CANDOR_QUERY_DATABASE_URL: write sqlite:///FILE, or sqlite:////PATH/FILE")
    return _SQLite(Path(name))


class _SQLite:
    def __init__(self, file: Path) -> None:
        self._file = file
        self._sources: dict[str, frozenset[str]] = {}

    def views(self, names: Sequence[str], deadline: Deadline) -> tuple[View, ...]:
        """The views with their columns."""
        found = []
        with closing(self._connect(deadline)) as connection:
            for name in names:
                schema, view = parted(name, "main")
                query = f"SELECT name, type FROM pragma_table_info({_text(view)}, {_text(schema)})"  # noqa: S608 - quoted names from the settings
                columns = connection.execute(query).fetchall()
                if schema != "main" or not columns:
                    raise Misconfigured(
                        f"CANDOR_QUERY_DATABASE_VIEWS: there is no view {name} in the database"
                    )
                found.append(View(schema, view, tuple((str(each[0]), str(each[1])) for each in columns)))
        return tuple(found)

    def run(self, sql: str, views: Sequence[View], rows: int, deadline: Deadline) -> Table:
        """Run a statement behind the authorizer."""
        with closing(self._connect(deadline)) as connection:
            sources = frozenset().union(*(self._behind(connection, view) for view in views))
            connection.set_authorizer(_allowing({view.name.lower() for view in views}, sources))
            try:
                cursor = connection.execute(sql)
                found = cursor.fetchmany(rows)
            except sqlite3.Error as error:
                if isinstance(error, sqlite3.OperationalError) and not deadline.remaining():
                    raise Down(f"{_TITLE} took too long over the query.") from None
                raise WrongSQL(f"{_TITLE} does not take the query: {error}.") from None
            return Table(tuple(each[0] for each in cursor.description or ()), found)

    def _behind(self, connection: sqlite3.Connection, view: View) -> frozenset[str]:
        """The views through which an allowed view reads, itself among them."""
        if view.name not in self._sources:
            met: set[str] = set()

            def note(_action: int, _a: str | None, _b: str | None, _c: str | None, source: str | None) -> int:
                met.update({source.lower()} if source else ())
                return sqlite3.SQLITE_OK

            connection.set_authorizer(note)
            # EXPLAIN prepares the statement, which is when the authorizer is asked, and reads no row.
            connection.execute(f"EXPLAIN SELECT * FROM main.{_name(view.name)}").fetchall()  # noqa: S608 - a quoted name
            self._sources[view.name] = frozenset(met)
        return self._sources[view.name]

    def _connect(self, deadline: Deadline) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"file:{quote(str(self._file.absolute()))}?mode=ro",
                uri=True,
                timeout=deadline.remaining(),
                isolation_level=None,
                cached_statements=0,
            )
            connection.execute("PRAGMA query_only = ON")
            connection.execute("PRAGMA trusted_schema = OFF")
        except sqlite3.Error:
            raise Down(f"{_TITLE} cannot be opened.") from None
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, _LONGEST_PATTERN)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.set_progress_handler(lambda: int(not deadline.remaining()), _STEPS)
        return connection


def _allowing(views: set[str], sources: frozenset[str]) -> Authorizer:
    """Allow reading the views, what those read themselves, and harmless functions.

    SQLite names a CTE as the source of a reading as it names a view, so no CTE may be called like one.
    """

    def authorize(
        action: int, first: str | None, second: str | None, _database: str | None, source: str | None
    ) -> int:
        if action in (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_RECURSIVE):
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            known = (first or "").lower() in views or (source or "").lower() in sources
            return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION:
            # What a view itself calls, its owner has chosen.
            known = (source or "").lower() in sources or (second or "").lower() in FUNCTIONS
            return sqlite3.SQLITE_OK if known else sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_DENY

    return authorize


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
