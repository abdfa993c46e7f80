"""The one door in."""

import sqlite3
import time
from pathlib import Path

import pytest

from bot.intake import Intake
from core.errors import LedgerUnavailable
from core.queue import answer_job
from tests.bot.books import CollectingQueue, open_books
from tests.ledger.questions import a_question


def test_a_question_is_written_down_and_hinted_at(tmp_path: Path) -> None:
    books, queue = open_books(tmp_path), CollectingQueue()
    receipt = Intake(books.turns, books.feedback, queue).take(a_question("Where is the key?"))
    assert receipt.new
    assert receipt.queued
    assert queue.jobs == [answer_job(receipt.turn_id)]
    turn = books.turns.get(receipt.turn_id)
    assert turn is not None
    assert turn.question.text == "Where is the key?"


def test_a_repeat_is_the_same_turn_and_not_enqueued_again(tmp_path: Path) -> None:
    books, queue = open_books(tmp_path), CollectingQueue()
    intake = Intake(books.turns, books.feedback, queue)
    question = a_question()
    receipts = [intake.take(question) for _ in range(11)]
    assert len({receipt.turn_id for receipt in receipts}) == 1
    assert [receipt.new for receipt in receipts] == [True] + [False] * 10
    assert len(queue.jobs) == 1


def test_an_edit_is_a_question_of_its_own(tmp_path: Path) -> None:
    books, queue = open_books(tmp_path), CollectingQueue()
    intake = Intake(books.turns, books.feedback, queue)
    question = a_question()
    edited = question.model_copy(update={"key": question.key.model_copy(update={"version": 17})})
    assert intake.take(question).turn_id != intake.take(edited).turn_id
    assert len(queue.jobs) == 2


def test_a_broker_that_takes_nothing_loses_nothing(tmp_path: Path) -> None:
    books = open_books(tmp_path, sweep_after=0.0)
    receipt = Intake(books.turns, books.feedback, CollectingQueue(takes=False)).take(a_question())
    assert not receipt.queued
    assert books.turns.sweep() == [receipt.turn_id]


def test_a_secret_in_a_question_never_reaches_the_ledger(tmp_path: Path) -> None:
    books = open_books(tmp_path)
    intake = Intake(books.turns, books.feedback, CollectingQueue())
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    turn_id = intake.take(a_question(f"is {secret} still valid?")).turn_id
    intake.rate(turn_id, "u1", -1, f"it showed {secret}")
    turn = books.turns.get(turn_id)
    assert turn is not None
    assert turn.question.text == "is [secret: AWS Access Key] still valid?"
    for file in tmp_path.glob("ledger.db*"):
        assert secret.encode() not in file.read_bytes()


def test_a_thumb_is_kept_once_for_each_person_and_can_change(tmp_path: Path) -> None:
    books = open_books(tmp_path)
    intake = Intake(books.turns, books.feedback, CollectingQueue())
    turn_id = intake.take(a_question()).turn_id
    intake.rate(turn_id, "u1", 1)
    intake.rate(turn_id, "u1", -1, "stale")
    intake.rate(turn_id, "u2", 1)
    assert {(vote.person, vote.value, vote.reason) for vote in books.feedback.of(turn_id)} == {
        ("u1", -1, "stale"),
        ("u2", 1, ""),
    }


def test_a_locked_ledger_is_said_within_its_patience_and_takes_questions_again(tmp_path: Path) -> None:
    books = open_books(tmp_path, wait=0.3)
    intake = Intake(books.turns, books.feedback, CollectingQueue())
    with sqlite3.connect(tmp_path / "ledger.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        with pytest.raises(LedgerUnavailable) as caught:
            intake.take(a_question())
        assert time.monotonic() - started < 1
        assert "ask it again" in caught.value.say
        other.execute("ROLLBACK")
    other.close()
    assert intake.take(a_question()).new
