"""What waits: open turns by state, and the longest wait, by the database's clock."""

from sqlalchemy import Engine

from core.messages import Outcome
from ledger.turns import Turns, Waiting
from tests.ledger.questions import a_question
from tests.ledger.test_turns import age, held


def test_nothing_waits_in_an_empty_ledger(engine: Engine) -> None:
    assert Turns(engine).waiting() == Waiting(received=0, running=0, oldest=0.0)


def test_turns_are_counted_until_they_end_and_the_oldest_that_nobody_holds_is_timed(engine: Engine) -> None:
    turns = Turns(engine)
    first, second, third = (turns.insert(a_question(f"{number}?"))[0] for number in range(3))
    age(engine, first, "received_at")
    age(engine, third, "received_at")
    claim = held(turns, first)
    assert 3_599 <= claim.waited < 3_700
    found = turns.waiting()
    assert (found.received, found.running) == (2, 1)
    assert 3_599 <= found.oldest < 3_700
    turns.close(claim, Outcome.ANSWERED)
    turns.withdraw(third)
    found = turns.waiting()
    assert (found.received, found.running) == (1, 0)
    assert found.oldest < 100
    assert held(turns, second).waited < 100
