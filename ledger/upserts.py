"""INSERT .. ON CONFLICT, which both databases know and SQLAlchemy keeps by dialect."""

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return insert_into(connection.dialect.name, table)


def insert_into(dialect: str, table: Table) -> sqlite.Insert | postgresql.Insert:
    """The same for a dialect by its name."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
