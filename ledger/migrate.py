"""Migrations, run by Alembic. Loaded only when a database is not at the newest one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, text

from core.errors import Misconfigured
from ledger.engine import connect, revision
from ledger.tables import HEAD
from ledger.transactions import SETTING, shown, writing

_WAIT = 30.0
"""Seconds that a process waits while another one migrates."""

# Any number will do, as long as all of Candor's processes take the same.
_LOCK = 0x43616E646F72


def run(engine: Engine) -> None:
    """Bring a database to the newest migration, or find that another process just did.

    All in one transaction under one lock: SQLite's own write lock, an advisory lock in PostgreSQL.

    Raises:
        Misconfigured: when the ledger was made by a newer Candor.
        LedgerUnavailable: when the database is down, or locked for longer than a migration takes.
    """
    patient = connect(engine.url, wait=_WAIT)
    try:
        with writing(patient) as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            current = revision(connection)
            if current == HEAD:
                return
            if current and not known(current):
                raise Misconfigured(
                    f"{SETTING}: the ledger at {shown(engine)} was made by a newer Candor "
                    f"(migration {current}); update this one"
                )
            config = configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        patient.dispose()


def configuration() -> Config:
    """Alembic's configuration, which other projects keep in alembic.ini."""
    config = Config()
    config.set_main_option("path_separator", "os")
    # A percent sign is the configuration file's own.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def known(migration: str) -> bool:
    """Whether this Candor has such a migration."""
    try:
        ScriptDirectory.from_config(configuration()).get_revision(migration)
    except CommandError:
        return False
    return True
