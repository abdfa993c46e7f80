"""The port to a database that is only read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.deadline import Deadline
from workers.failures import Refused

Cell = object


@dataclass(frozen=True, slots=True)
class View:
    """A view that may be read.

    Attributes:
        schema: where it lies.
        name: as the database has it.
        columns: name and type of each.
    """

    schema: str
    name: str
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """What a query found: no more rows than were asked for, cells as they came."""

    columns: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]


class WrongSQL(Refused):
    """The database does not take the statement; the text says why."""


class Database(Protocol):
    """One database. For any number of threads."""

    def views(self, names: Sequence[str], deadline: Deadline) -> tuple[View, ...]:
        """What is known of the views that the settings list.

        Raises:
            Down: it does not answer.
            Misconfigured: there is no such view.
        """
        ...

    def run(self, sql: str, views: Sequence[View], rows: int, deadline: Deadline) -> Table:
        """Run a statement that was checked before, once more within the database's own bounds.

        Raises:
            WrongSQL: the database does not take it.
            Down: it does not answer, or takes too long.
        """
        ...


def parted(name: str, schema: str) -> tuple[str, str]:
    """Schema and name of a view as a setting has it."""
    before, dot, after = name.partition(".")
    return (before, after) if dot else (schema, name)
