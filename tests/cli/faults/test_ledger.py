"""The ledger is locked: the asker is told at once, and a question that was taken in is not lost."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from core.errors import LedgerUnavailable
from tests.cli.candor import Candor, eventually, read_until
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Say

ASKED = "How do I hand in receipts?"


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Nobody else can write to the ledger while the block runs."""
    with closing(sqlite3.connect(home / "ledger.db", isolation_level=None, timeout=10)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


def test_the_asker_is_told_at_once_to_ask_again(candor: Candor) -> None:
    with candor.running("chat") as chat:
        assert chat.stdin
        read_until(chat.stdout, "/help\n")
        with locked(candor.home):
            asked_at = time.monotonic()
            chat.stdin.write(f"{ASKED}\n")
            chat.stdin.flush()
            assert read_until(chat.stderr, "\n").strip() == LedgerUnavailable.say
            assert time.monotonic() - asked_at < 4
            assert read_until(chat.stderr, "\n").startswith("candor: CANDOR_DATABASE_URL: ")
            ended = candor.run("ask", ASKED)
        assert ended.code == 1
        assert ended.err.splitlines()[0] == LedgerUnavailable.say
        shown, _ = chat.communicate(f"{ASKED}\n", timeout=30)
    assert "to the accounts team" in shown
    assert len(candor.turns()) == 1


@pytest.mark.slow
def test_an_answer_that_could_not_be_stored_is_made_again(modelled: Candor, model: OpenAIServer) -> None:
    model.script(Say("Send them to the accounts team. [1]", delay=2))
    patient = modelled.set(lease_seconds="1", log_level="warning")
    with patient.running("ask", ASKED) as asking:
        eventually(lambda: model.requests)
        with locked(modelled.home):
            read_until(asking.stderr, "the lease will run out and the sweep bring it back")
        out, _ = asking.communicate(timeout=40)
        assert asking.returncode == 0
    assert "to the accounts team" in out
    assert [turn.state for turn in modelled.turns()] == ["answered"]
