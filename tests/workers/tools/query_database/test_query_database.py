"""A database that is asked in SQL: what may be read is read, and nothing else, and nothing is written."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from pydantic import SecretStr

from core.deadline import Deadline
from core.errors import Misconfigured
from core.tools import Tool, ToolResult
from tests.servers.databases import PostgresServer
from tests.workers.tools.calls import call
from tests.workers.tools.query_database.hostile import hostile
from workers.failures import Down, Refused
from workers.tools.query_database import DatabaseSettings
from workers.tools.query_database.database import Database, View
from workers.tools.query_database.postgres import open_database as open_postgres
from workers.tools.query_database.sqlite import open_database as open_sqlite
from workers.tools.query_database.supply import DatabaseSupply

CANARY = "CANARY"
TABLES = (
    "CREATE TABLE order_rows (id INTEGER, customer TEXT, total NUMERIC(10, 2), hidden INTEGER)",
    "INSERT INTO order_rows VALUES (1, 'Ada', 10.50, 0), (2, 'Bob', 20, 0), (3, 'Ada', 30, 0)",
    f"INSERT INTO order_rows VALUES (4, '{CANARY} hidden', 4711, 1)",
    "CREATE TABLE salaries (person TEXT, amount INTEGER)",
    f"INSERT INTO salaries VALUES ('{CANARY} Carol', 987654)",
    "CREATE VIEW all_orders AS SELECT id, customer, total, hidden FROM order_rows",
    "CREATE VIEW orders AS SELECT id, customer, total FROM all_orders WHERE hidden = 0",
    "CREATE TABLE notes (id INTEGER, note TEXT)",
    "INSERT INTO notes VALUES (1, 'a note')",
)


@dataclass(frozen=True)
class Asked:
    """A database, the tool that asks it, and how to look at all that is in it."""

    settings: DatabaseSettings
    schema: str
    catalogue: str
    administration: str

    @property
    def tool(self) -> Tool:
        (tool,) = DatabaseSupply(self.settings).open()
        return tool

    @property
    def database(self) -> Database:
        return (open_sqlite if self.schema == "main" else open_postgres)(self.settings.url)

    def ask(self, sql: str) -> ToolResult:
        return call(self.tool, json.dumps({"sql": sql}))

    def contents(self) -> str:
        """Everything that could have been written."""
        if self.schema == "main":
            with closing(sqlite3.connect(self.administration)) as connection:
                return "\n".join(connection.iterdump())
        with psycopg.connect(self.administration) as connection:
            tables = ("order_rows", "salaries", "notes")
            rows = [
                connection.execute(f"SELECT * FROM {name} ORDER BY 1".encode()).fetchall() for name in tables
            ]
            names = connection.execute(
                "SELECT relname, relacl::text FROM pg_class "
                "WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
            ).fetchall()
            return f"{rows} {names}"


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("asked")) as made:
        yield made


def sqlite_file(folder: Path) -> Asked:
    file = folder / "team.db"
    with closing(sqlite3.connect(file)) as connection:
        for statement in TABLES:
            connection.execute(statement)
        connection.commit()
    settings = DatabaseSettings(query_database_url=f"sqlite:///{file}", query_database_views="orders, notes")
    return Asked(settings, "main", "sqlite_master", str(file))


def postgres(server: PostgresServer, *, superuser: bool) -> Asked:
    url = server.new_database()
    name = urlsplit(url).path.removeprefix("/")
    with psycopg.connect(url) as connection:
        for statement in TABLES:
            connection.execute(statement.encode())
        connection.execute(f"CREATE ROLE reader_{name} LOGIN".encode())
        connection.execute(f"GRANT SELECT ON orders, notes TO reader_{name}".encode())
    theirs = url if superuser else reader_url(url)
    settings = DatabaseSettings(query_database_url=theirs, query_database_views="orders, public.notes")
    return Asked(settings, "public", "pg_catalog.pg_class", url)


@pytest.fixture(params=["sqlite", "postgres", "postgres as superuser"])
def asked(request: pytest.FixtureRequest, tmp_path: Path) -> Asked:
    if request.param == "sqlite":
        return sqlite_file(tmp_path)
    return postgres(request.getfixturevalue("server"), superuser=request.param.endswith("superuser"))


def test_500_hostile_statements_write_nothing_and_read_nothing_outside_the_views(asked: Asked) -> None:
    statements = hostile(asked.schema, asked.catalogue)
    assert len(statements) >= 500
    before, tool = asked.contents(), asked.tool
    begun = [(sql, call(tool, json.dumps({"sql": sql or " "}))) for sql in statements]
    answered = [sql for sql, result in begun if not result.failed]
    assert answered == []
    assert not any(CANARY in result.text + result.shown for _, result in begun)
    assert asked.contents() == before


def test_the_database_itself_holds_where_the_grammar_is_passed_by(asked: Asked) -> None:
    if asked.settings.url == asked.administration:
        asked = postgres_reader_of(asked)
    before, database = asked.contents(), asked.database
    views = database.views(asked.settings.views, Deadline(10))
    for sql in hostile(asked.schema, asked.catalogue):
        if asked.schema == "main" and sql.startswith(("WITH orders AS", "WITH RECURSIVE orders AS")):
            continue  # SQLite takes such a CTE for the view: the grammar gives each another name
        try:
            found = database.run(sql, views, 10, Deadline(0.2))
        except (Refused, Down, ValueError):
            continue
        assert CANARY not in str(found), sql
    assert asked.contents() == before


def postgres_reader_of(asked: Asked) -> Asked:
    """The same database as the user who may only read: a superuser has no second wall."""
    settings = asked.settings.model_copy(
        update={"query_database_url": SecretStr(reader_url(asked.administration))}
    )
    return replace(asked, settings=settings)


def reader_url(administration: str) -> str:
    name = urlsplit(administration).path.removeprefix("/")
    return administration.replace("postgresql://postgres", f"postgresql://reader_{name}", 1)


HONEST = [
    ("SELECT count(*) FROM orders", [[3]]),
    ("select customer, sum(total) from orders group by customer order by 1", [["Ada", 40.5], ["Bob", 20]]),
    ("SELECT id FROM orders WHERE total > 15 AND customer LIKE 'A%'", [[3]]),
    (
        "SELECT id FROM orders WHERE customer IN ('Bob', 'Eve') OR total BETWEEN 29 AND 31 ORDER BY id",
        [[2], [3]],
    ),
    (
        "SELECT o.id, n.note FROM orders AS o LEFT JOIN notes n ON n.id = o.id ORDER BY o.id LIMIT 1",
        [[1, "a note"]],
    ),
    ("WITH big AS (SELECT * FROM orders WHERE total >= 20) SELECT count(*) AS n FROM big", [[2]]),
    ("WITH orders AS (SELECT id FROM orders) SELECT max(id) FROM orders", [[3]]),
    ("SELECT max(id) FROM (SELECT id FROM orders UNION SELECT id FROM notes) AS x", [[3]]),
    (
        "SELECT CASE WHEN total > 15 THEN 'big' ELSE 'small' END FROM orders ORDER BY id",
        [["small"], ["big"], ["big"]],
    ),
    ("SELECT customer FROM orders GROUP BY 1 HAVING count(*) > 1", [["Ada"]]),
    ("SELECT DISTINCT upper(customer) || '!' FROM orders ORDER BY 1", [["ADA!"], ["BOB!"]]),
    (
        "SELECT id, row_number() OVER (PARTITION BY customer ORDER BY id) FROM orders ORDER BY id",
        [[1, 1], [2, 1], [3, 2]],
    ),
    ("SELECT id FROM orders ORDER BY total DESC LIMIT 1 OFFSET 1;", [[2]]),
    ("SELECT coalesce(NULL, round(avg(id), 1)) FROM orders", [[2]]),
    ("SELECT id FROM orders WHERE EXISTS (SELECT 1 FROM notes WHERE notes.id = orders.id)", [[1]]),
    ('SELECT "id" FROM "orders" WHERE NOT total IS NULL AND id = 1 -- the first', [[1]]),
    ("SELECT CAST(total AS INTEGER) FROM orders WHERE id = 2", [[20]]),
    ("SELECT id FROM {schema}.orders WHERE total = (SELECT max(total) FROM orders)", [[3]]),
]


def number(cell: object) -> object:
    return float(cell) if isinstance(cell, str) and cell.replace(".", "").isdigit() else cell


@pytest.mark.parametrize(("sql", "rows"), HONEST)
def test_honest_questions_are_answered(asked: Asked, sql: str, rows: list[list[object]]) -> None:
    sql = sql.format(schema=asked.schema)
    result = asked.ask(sql)
    assert not result.failed, result.text
    _, *lines = result.text.splitlines()
    assert [[number(cell) for cell in json.loads(line)] for line in lines] == rows
    assert result.shown == f"```sql\n{sql}\n```"


def test_the_model_is_told_the_views_and_their_columns(asked: Asked) -> None:
    described = asked.tool.spec.description
    assert "orders(id" in described
    assert "notes(id" in described
    assert "salaries" not in described


def test_rows_and_cells_are_limited(asked: Asked) -> None:
    few = asked.settings.model_copy(update={"query_database_rows": 2, "query_database_cell": 10})
    (tool,) = DatabaseSupply(few).open()
    result = call(
        tool, '{"sql": "SELECT id, customer || customer || customer || customer FROM orders LIMIT 3"}'
    )
    lines = result.text.splitlines()
    assert [json.loads(line)[1] for line in lines[1:3]] == ["AdaAdaAdaA…", "BobBobBobB…"]
    assert lines[3:] == ["There are more rows; these are the first 2."]


def test_a_query_that_takes_too_long_is_ended(asked: Asked) -> None:
    hasty = asked.settings.model_copy(update={"query_database_seconds": 0.3})
    (tool,) = DatabaseSupply(hasty).open()
    begun = time.monotonic()
    joined = ", ".join(f"orders AS o{number}" for number in range(18))
    result = call(tool, json.dumps({"sql": f"SELECT count(*) FROM {joined}"}))
    assert result.failed
    assert "too long" in result.text
    assert time.monotonic() - begun < 5


def test_a_wrong_column_is_told_in_the_words_of_the_database(asked: Asked) -> None:
    result = asked.ask("SELECT nothing FROM orders")
    assert result.failed
    assert "nothing" in result.text


def test_a_view_that_is_not_there_is_named(asked: Asked) -> None:
    with pytest.raises(Misconfigured, match=r"CANDOR_QUERY_DATABASE_VIEWS.*nowhere"):
        asked.database.views(["nowhere"], Deadline(5))


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://candor@127.0.0.1:9/candor"])
def test_a_database_that_is_down_is_a_failure_in_words(url: str) -> None:
    opened = (open_sqlite if url.startswith("sqlite") else open_postgres)(url)
    with pytest.raises(Down, match="The database"):
        opened.views(["orders"], Deadline(5))
    with pytest.raises(Down, match="The database"):
        opened.run("SELECT 1", [View("main", "orders")], 1, Deadline(5))


def test_an_address_of_another_kind_is_named_without_its_password() -> None:
    with pytest.raises(Misconfigured, match="CANDOR_QUERY_DATABASE_URL") as caught:
        DatabaseSettings(query_database_url="mysql://candor:sesame@db/team")
    assert "sesame" not in str(caught.value)
