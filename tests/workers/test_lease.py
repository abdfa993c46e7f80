"""Leases: kept while a turn is worked on, let go at its deadline, lost when another has it."""

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.deadline import Deadline
from core.errors import LostClaim
from ledger.turns import Claim, Turns
from tests.bot.books import Books, open_books
from tests.cli.candor import eventually
from tests.ledger.questions import a_question
from workers.lease import Heartbeat

LEASE = 2.0


class Counting:
    """The ledger's turns, and how often which of them was renewed."""

    def __init__(self, turns: Turns) -> None:
        self.renewed: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._turns = turns

    def heartbeat(self, claim: Claim) -> None:
        try:
            self._turns.heartbeat(claim)
        except LostClaim:
            self.refused[claim.turn_id] += 1
            raise
        self.renewed[claim.turn_id] += 1


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return open_books(tmp_path, lease=LEASE)


@pytest.fixture
def counting(books: Books) -> Counting:
    return Counting(books.turns)


@pytest.fixture
def heartbeat(counting: Counting) -> Iterator[Heartbeat[Claim]]:
    beating = Heartbeat(counting, interval=0.05)
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
        assert not claimed_within(books, claim.turn_id, 1.25 * LEASE)


def test_a_turn_past_its_deadline_can_be_taken_though_its_worker_is_stuck(
    books: Books, heartbeat: Heartbeat[Claim]
) -> None:
    claim = a_claim(books)
    with heartbeat.hold(claim, Deadline(0.2)):
        assert claimed_within(books, claim.turn_id, 10 * LEASE)


def test_a_turn_whose_worker_has_let_go_can_be_taken(books: Books, heartbeat: Heartbeat[Claim]) -> None:
    claim = a_claim(books)
    with heartbeat.hold(claim, Deadline(60)):
        pass
    assert claimed_within(books, claim.turn_id, 10 * LEASE)


def test_the_heartbeat_goes_on_for_others_when_one_claim_is_lost(
    books: Books, heartbeat: Heartbeat[Claim], counting: Counting
) -> None:
    lost, kept = a_claim(books), a_claim(books)
    with heartbeat.hold(lost, Deadline(60)), heartbeat.hold(kept, Deadline(60)):
        books.turns.withdraw(lost.turn_id)
        eventually(lambda: counting.refused[lost.turn_id])
        before = counting.renewed[kept.turn_id]
        eventually(lambda: counting.renewed[kept.turn_id] > before + 3)
        assert counting.refused == {lost.turn_id: 1}
        assert books.turns.claim(kept.turn_id, "second") is None
        with pytest.raises(LostClaim):
            books.turns.heartbeat(lost)
