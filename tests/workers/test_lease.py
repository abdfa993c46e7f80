"""Leases: kept while a turn is worked on, let go at its deadline, lost when another has it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.deadline import Deadline
from core.errors import LostClaim
from ledger.turns import Claim
from tests.bot.books import Books, open_books
from tests.ledger.questions import a_question
from workers.lease import Heartbeat


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return open_books(tmp_path, lease=0.4)


@pytest.fixture
def heartbeat(books: Books) -> Iterator[Heartbeat[Claim]]:
    beating = Heartbeat(books.turns, interval=0.05)
    beating.start()
    yield beating
    beating.stop()


def a_claim(books: Books) -> Claim:
    claim = books.turns.claim(books.turns.insert(a_question())[0], "first")
    assert claim is not None
    return claim


def claimed_within(books: Books, turn_id: str, seconds: float) -> bool:
    deadline = Deadline(seconds)
    while deadline.remaining():
        if books.turns.claim(turn_id, "second") is not None:
            return True
        time.sleep(0.02)
    return False


def test_a_turn_that_is_worked_on_is_nobody_elses(books: Books, heartbeat: Heartbeat[Claim]) -> None:
    claim = a_claim(books)
    with heartbeat.hold(claim, Deadline(60)):
        assert not claimed_within(books, claim.turn_id, 1.2)


def test_a_turn_past_its_deadline_can_be_taken_though_its_worker_is_stuck(
    books: Books, heartbeat: Heartbeat[Claim]
) -> None:
    claim = a_claim(books)
    with heartbeat.hold(claim, Deadline(0.2)):
        assert claimed_within(books, claim.turn_id, 5)


def test_a_turn_whose_worker_has_let_go_can_be_taken(books: Books, heartbeat: Heartbeat[Claim]) -> None:
    claim = a_claim(books)
    with heartbeat.hold(claim, Deadline(60)):
        pass
    assert claimed_within(books, claim.turn_id, 5)


def test_the_heartbeat_goes_on_for_others_when_one_claim_is_lost(
    books: Books, heartbeat: Heartbeat[Claim]
) -> None:
    lost, kept = a_claim(books), a_claim(books)
    with heartbeat.hold(lost, Deadline(60)), heartbeat.hold(kept, Deadline(60)):
        books.turns.withdraw(lost.turn_id)
        assert not claimed_within(books, kept.turn_id, 1.0)
        with pytest.raises(LostClaim):
            books.turns.heartbeat(lost)
