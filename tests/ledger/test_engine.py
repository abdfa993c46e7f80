import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text

from core.errors import LedgerUnavailable, Misconfigured
from core.settings import HomeSettings
from ledger.conversations import Conversations
from ledger.engine import LedgerSettings, open_ledger
from ledger.feedback import Feedback
from ledger.posts import Posts
from ledger.sources import Sources
from ledger.turns import Turns
from tests.ledger.questions import a_question
from tests.servers.databases import PostgresServer, sqlite_url


def open_url(url: str, home: Path, *, wait: float = 5.0) -> Engine:
    return open_ledger(LedgerSettings(database_url=url), HomeSettings(home=home), wait=wait)


@pytest.fixture
def impatient(url: str, tmp_path: Path) -> Iterator[Engine]:
    """A ledger whose statements wait 0.05 s."""
    open_url(url, tmp_path).dispose()
    engine = open_url(url, tmp_path, wait=0.05)
    yield engine
    engine.dispose()


def test_without_a_setting_the_ledger_is_a_file_in_the_data_folder(tmp_path: Path) -> None:
    open_url("", tmp_path / "home").dispose()
    assert (tmp_path / "home" / "ledger.db").is_file()


def test_what_was_written_is_there_when_the_ledger_is_opened_again(url: str, tmp_path: Path) -> None:
    first = open_url(url, tmp_path)
    turn_id, _ = Turns(first).insert(a_question())
    first.dispose()
    second = open_url(url, tmp_path)
    assert Turns(second).get(turn_id) is not None
    second.dispose()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_usual_spelling_of_postgresql_is_understood(
    postgres: PostgresServer, tmp_path: Path, scheme: str
) -> None:
    engine = open_url(postgres.new_database().replace("postgresql", scheme, 1), tmp_path)
    assert engine.dialect.driver == "psycopg"
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense hunter2",
        "mysql://root:hunter2@localhost/db",
        "postgresql+asyncpg://root:hunter2@localhost/db",
        "postgresql://root:hunter2@localhost:port/db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:ledger?mode=memory&uri=true",
        "sqlite:////no/such/folder/ledger.db",
    ],
)
def test_a_wrong_url_is_named_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"^CANDOR_DATABASE_URL: .+[^.]$") as caught:
        open_url(url, tmp_path)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_text("These are not the rows you are looking for. " * 50)
    with pytest.raises(Misconfigured, match=r"CANDOR_DATABASE_URL: .*ledger\.db is not a ledger"):
        open_url(sqlite_url(tmp_path), tmp_path)


def test_a_database_that_does_not_exist_is_a_wrong_url(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.url.replace("postgres:@/postgres", "postgres:hunter2@/nowhere")
    with pytest.raises(Misconfigured, match=r'CANDOR_DATABASE_URL: .*"nowhere" does not exist') as caught:
        open_url(url, tmp_path)
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_down_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable, match=r"^CANDOR_DATABASE_URL: the ledger at ") as caught:
        open_url(f"postgresql://u:hunter2@/ledger?host={tmp_path}", tmp_path)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_ledger_newer_than_this_candor_is_refused(url: str, tmp_path: Path) -> None:
    engine = open_url(url, tmp_path)
    with engine.begin() as connection:
        connection.execution_options(candor_writes=True)
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(Misconfigured, match="made by a newer Candor"):
        open_url(url, tmp_path)


def test_a_locked_sqlite_ledger_is_unavailable_within_the_wait(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    open_url(url, tmp_path).dispose()
    engine = open_url(url, tmp_path, wait=0.2)
    turns = Turns(engine)
    turn_id, _ = turns.insert(a_question())
    claim = turns.claim(turn_id, "w")
    assert claim is not None
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    start = time.monotonic()
    with pytest.raises(LedgerUnavailable, match="locked"):
        turns.insert(a_question())
    assert 0.15 < time.monotonic() - start < 1.5
    with pytest.raises(LedgerUnavailable, match="locked"):
        turns.heartbeat(claim)
    assert turns.get(turn_id) is not None  # who only reads waits for nobody

    other.execute("ROLLBACK")
    turns.heartbeat(claim)
    other.close()
    engine.dispose()


def test_a_locked_postgresql_ledger_is_unavailable_within_the_wait(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.new_database()
    open_url(url, tmp_path).dispose()
    engine = open_url(url, tmp_path, wait=0.2)
    turns = Turns(engine)
    with psycopg.connect(url) as other:
        other.execute("LOCK TABLE turns")
        start = time.monotonic()
        with pytest.raises(LedgerUnavailable, match="timeout"):
            turns.insert(a_question())
        assert 0.15 < time.monotonic() - start < 1.5
        with pytest.raises(LedgerUnavailable):
            turns.backlog()
    assert turns.insert(a_question())[1]
    engine.dispose()


def test_a_connection_that_the_server_dropped_is_replaced_unseen(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    url = postgres.new_database()
    engine = open_url(url, tmp_path)
    turns = Turns(engine)
    turns.insert(a_question())
    with psycopg.connect(postgres.url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [engine.url.database],
        )
    assert turns.insert(a_question())[1]
    engine.dispose()


def test_every_part_of_the_ledger_says_that_it_is_unavailable(impatient: Engine) -> None:
    held = [impatient.connect() for _ in range(20 if impatient.dialect.name == "postgresql" else 10)]
    address = a_question().address
    for call in (
        lambda: Turns(impatient).recent(),
        lambda: Turns(impatient).sweep(),
        lambda: Conversations(impatient).recent(address, before="x"),
        lambda: Feedback(impatient).of("x"),
        lambda: Feedback(impatient).record("x", "p", 1),
        lambda: Sources(impatient).list(),
        lambda: Sources(impatient).add("/srv", ()),
        lambda: Posts(impatient).latest("x"),
        lambda: Posts(impatient).post(address, "k", {"text": "t"}),
    ):
        with pytest.raises(LedgerUnavailable):
            call()
    for connection in held:
        connection.close()


OPEN = """
import sys
from pathlib import Path
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
sys.stdin.readline()
settings, home = LedgerSettings(database_url=sys.argv[1]), HomeSettings(home=Path(sys.argv[2]))
open_ledger(settings, home, wait=1.0).dispose()
print("alembic" in sys.modules)
"""


def test_processes_that_start_at_once_migrate_once(url: str, tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPEN, url, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
    engine = open_url(url, tmp_path)
    assert Turns(engine).insert(a_question())[1]
    engine.dispose()


def test_alembic_is_not_loaded_where_there_is_nothing_to_migrate(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    open_url(url, tmp_path).dispose()
    told = subprocess.run(
        [sys.executable, "-c", OPEN, url, str(tmp_path)],
        input="\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "False\n"


WRITE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.turns import Turns
from tests.ledger.questions import a_question
turns = Turns(open_ledger(LedgerSettings(database_url=sys.argv[1]), HomeSettings(home=Path(sys.argv[2]))))
for number in range(50):
    turns.insert(a_question(message=f"m{number}"))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_process_wrote_is_not_lost(url: str, tmp_path: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", WRITE_AND_DIE, url, str(tmp_path)], cwd=Path(__file__).parents[2], check=False
    )
    assert killed.returncode == -9
    engine = open_url(url, tmp_path)
    assert Turns(engine).backlog() == 50
    engine.dispose()
