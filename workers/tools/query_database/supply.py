"""The tool itself, made of a database and its grammar."""

import json
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

from pydantic import Field

from core import plugins
from core.deadline import Deadline
from core.messages import Frozen
from core.tools import Tool, ToolContext, ToolResult
from workers.tools._function import Function
from workers.tools.query_database import DatabaseSettings
from workers.tools.query_database.database import Cell, Database, Table
from workers.tools.query_database.grammar import Grammar

_OPEN_SECONDS = 5.0


class QueryArguments(Frozen):
    """What is asked."""

    sql: str = Field(min_length=1, max_length=4000, description="One SELECT statement.")


class QueryDatabase(Function[QueryArguments]):
    """A question to the database, in SQL."""

    name = "query_database"
    arguments = QueryArguments

    def __init__(self, database: Database, grammar: Grammar, settings: DatabaseSettings) -> None:
        self._database = database
        self._grammar = grammar
        self._settings = settings
        views = "; ".join(
            f"{view.name}({', '.join(f'{column} {kind}'.strip() for column, kind in view.columns)})"
            for view in grammar.views
        )
        self.description = (
            "Asks the team's database with one SELECT statement and gives its rows. Call it for numbers and "
            f"lists that the documents do not have. The dialect is {grammar.dialect}. It has these views "
            f"and nothing else: {views}"
        )

    def run(self, arguments: QueryArguments, context: ToolContext) -> ToolResult:
        """Check the statement, run it, and show it."""
        most = self._settings.query_database_rows
        deadline = Deadline(min(self._settings.query_database_seconds, context.deadline.remaining()))
        sql = self._grammar.checked(arguments.sql, most + 1)
        found = self._database.run(sql, self._grammar.views, most + 1, deadline)
        shown = f"```sql\n{arguments.sql.strip().replace('```', '` ` `')}\n```"
        return ToolResult(self._text(found, most), shown=shown)

    def _text(self, table: Table, most: int) -> str:
        """The rows as JSON, one a line, below the names of the columns."""
        if not table.rows:
            return "No row was found."
        lines = [json.dumps(table.columns, ensure_ascii=False)]
        for row in table.rows[:most]:
            cells = [self._cell(cell) for cell in row]
            lines.append(json.dumps(cells, ensure_ascii=False))
        if len(table.rows) > most:
            lines.append(f"There are more rows; these are the first {most}.")
        return "\n".join(lines)

    def _cell(self, cell: Cell) -> str | int | float | bool | None:
        match cell:
            case None | bool() | int():
                return cell
            case float():
                return cell if cell - cell == 0 else str(cell)  # JSON knows no infinity
            case Decimal():
                text = f"{cell:f}"
            case date() | time():
                text = cell.isoformat()
            case bytes() | memoryview():
                text = "[binary]"
            case _:
                text = str(cell)
        longest = self._settings.query_database_cell
        return text if len(text) <= longest else text[:longest] + "…"


class DatabaseSupply:
    """The tool, as soon as the database has said which columns its views have."""

    name = QueryDatabase.name

    def __init__(self, settings: DatabaseSettings) -> None:
        self._settings = settings
        member = plugins.load(
            "workers.tools.query_database", settings.database, setting="CANDOR_QUERY_DATABASE_URL"
        )
        self._dialect: str = member.DIALECT
        self._database: Database = member.open_database(settings.url)

    @property
    def readers(self) -> tuple[str, ...]:
        """Groups that may ask the database."""
        return self._settings.readers

    def open(self) -> Sequence[Tool]:
        """The tool.

        Raises:
            Down: the database does not answer.
            Misconfigured: a view is not there.
        """
        views = self._database.views(self._settings.views, Deadline(_OPEN_SECONDS))
        return (QueryDatabase(self._database, Grammar(self._dialect, views), self._settings),)

    def close(self) -> None:
        """Each query has a connection of its own; none is held."""
