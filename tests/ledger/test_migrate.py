from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.migrate import configuration, run
from ledger.tables import HEAD, metadata
from ledger.transactions import reading
from tests.servers.databases import sqlite_url


def test_the_newest_migration_is_the_one_that_the_code_names() -> None:
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_the_migrations_make_exactly_the_tables_of_the_code(engine: Engine) -> None:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_names_and_the_checks_that_a_comparison_does_not_see(engine: Engine) -> None:
    with reading(engine) as connection:
        found = inspect(connection)
        for table in metadata.tables.values():
            unnamed = table.name == "posts" and connection.dialect.name == "sqlite"  # as AUTOINCREMENT has it
            key = found.get_pk_constraint(table.name)["name"]
            assert key == (None if unnamed else table.primary_key.name)
            checks = {str(check["name"]) for check in found.get_check_constraints(table.name)}
            assert checks == ({"feedback_value_check"} if table.name == "feedback" else set())
        (partial,) = (index for index in found.get_indexes("turns") if index["name"] == "turns_open")
        where = partial["dialect_options"][f"{connection.dialect.name}_where"]
        assert "finished_at IS NULL" in str(where)


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    run(engine)
    with reading(engine) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_folder_with_a_percent_sign_is_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "100%"
    folder.mkdir()
    open_ledger(LedgerSettings(database_url=sqlite_url(folder)), HomeSettings(home=tmp_path)).dispose()
    assert (folder / "ledger.db").is_file()
