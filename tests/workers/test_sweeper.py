"""The sweep: what the broker forgot comes back."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from core.queue import answer_job
from tests.bot.books import CollectingQueue, open_books
from tests.ledger.questions import a_question
from workers.sweeper import Sweeper


def wait_for(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_question_that_no_worker_took_is_hinted_at_again(tmp_path: Path) -> None:
    books, queue = open_books(tmp_path, sweep_after=0.1), CollectingQueue()
    turn_id, _ = books.turns.insert(a_question())
    sweeper = Sweeper(books.turns, queue, interval=0.02)
    sweeper.start()
    wait_for(lambda: len(queue.jobs) >= 2)
    sweeper.stop()
    assert all(job == answer_job(turn_id) for job in queue.jobs)


def test_a_turn_that_ended_is_left_alone(tmp_path: Path) -> None:
    books, queue = open_books(tmp_path, sweep_after=0.0), CollectingQueue()
    ended, _ = books.turns.insert(a_question())
    books.turns.withdraw(ended)
    waiting, _ = books.turns.insert(a_question())
    sweeper = Sweeper(books.turns, queue, interval=0.02)
    sweeper.start()
    wait_for(lambda: len(queue.jobs) >= 3)
    sweeper.stop()
    assert {job.turn_id for job in queue.jobs} == {waiting}


def test_the_sweep_outlives_a_ledger_that_is_locked_for_a_while(tmp_path: Path) -> None:
    books, queue = open_books(tmp_path, sweep_after=0.0, wait=0.05), CollectingQueue()
    books.turns.insert(a_question())
    sweeper = Sweeper(books.turns, queue, interval=0.02)
    with sqlite3.connect(tmp_path / "ledger.db", isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        sweeper.start()
        time.sleep(0.3)
        assert queue.jobs == []
        other.execute("ROLLBACK")
    other.close()
    wait_for(lambda: bool(queue.jobs))
    sweeper.stop()
