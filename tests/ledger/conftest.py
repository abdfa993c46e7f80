from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.tables import metadata
from ledger.transactions import writing
from tests.servers.databases import PostgresServer, sqlite_url


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture(scope="session")
def shared_database(postgres: PostgresServer) -> str:
    return postgres.new_database()


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path)
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A ledger with nothing in it."""
    sqlite = request.param == "sqlite"
    url = sqlite_url(tmp_path) if sqlite else request.getfixturevalue("shared_database")
    engine = open_ledger(LedgerSettings(database_url=url), HomeSettings(home=tmp_path))
    if not sqlite:  # where a database is slow to make, one is emptied instead
        with writing(engine) as connection:
            connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))
    yield engine
    engine.dispose()
