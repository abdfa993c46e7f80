"""PostgreSQL: a read-only transaction with a time limit, as a user who may only read."""

from collections.abc import Sequence

import psycopg
from psycopg import sql as composing

from core.deadline import Deadline
from core.errors import Misconfigured
from workers.failures import Down
from workers.tools.query_database.database import Database, Table, View, WrongSQL, parted

DIALECT = "postgres"
_TITLE = "The database"


def open_database(url: str) -> Database:
    """The database at a URL."""
    return _Postgres(url)


class _Postgres:
    def __init__(self, url: str) -> None:
        self._url = url

    def views(self, names: Sequence[str], deadline: Deadline) -> tuple[View, ...]:
        """The views with their columns."""
        found = []
        with self._connect(deadline) as connection:
            for name in names:
                schema, view = parted(name, "public")
                columns = connection.execute(
                    "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
                    "WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                    [composing.Identifier(schema, view).as_string(connection)],
                ).fetchall()
                if not columns:
                    raise Misconfigured(
                        f"CANDOR_QUERY_DATABASE_VIEWS: there is no view {name} in the database"
                    )
                found.append(View(schema, view, tuple((str(each[0]), str(each[1])) for each in columns)))
        return tuple(found)

    def run(self, sql: str, views: Sequence[View], rows: int, deadline: Deadline) -> Table:  # noqa: ARG002 - the grammar has held it to the views
        """Run a statement in a transaction that can only read."""
        with self._connect(deadline) as connection:
            try:
                # A server-side cursor: no more rows than are wanted ever leave the server.
                with connection.cursor("answer") as cursor:
                    cursor.execute(sql.encode())
                    found = cursor.fetchmany(rows)
                    return Table(tuple(each.name for each in cursor.description or ()), found)
            except psycopg.errors.QueryCanceled:
                raise Down(f"{_TITLE} took too long over the query.") from None
            except psycopg.OperationalError:
                raise Down(f"{_TITLE} does not answer.") from None
            except psycopg.Error as error:
                reason = error.diag.message_primary or type(error).__name__
                raise WrongSQL(f"{_TITLE} does not take the query: {reason}.") from None

    def _connect(self, deadline: Deadline) -> psycopg.Connection:
        milliseconds = max(1, int(deadline.remaining() * 1000))
        try:
            connection = psycopg.connect(
                self._url,
                connect_timeout=max(2, milliseconds // 1000),  # libpq knows nothing shorter
                options=f"-c default_transaction_read_only=on -c statement_timeout={milliseconds} "
                f"-c lock_timeout={milliseconds} -c search_path=pg_catalog",
            )
        except psycopg.Error:
            raise Down(f"{_TITLE} does not answer.") from None
        connection.read_only = True
        return connection
