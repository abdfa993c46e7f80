"""A confirmation is shown to the one who was asked, until it expires, and taken once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.messages import Answer, Asker, Confirmation, Outcome, Question
from ledger.confirmations import Confirmations
from ledger.turns import Turns
from tests.ledger.questions import a_question, an_answer


@pytest.fixture
def turns(engine: Engine) -> Turns:
    return Turns(engine)


@pytest.fixture
def confirmations(engine: Engine) -> Confirmations:
    return Confirmations(engine)


def proposing(seconds: float = 600.0) -> Answer:
    call = Confirmation(
        tool="add_note", arguments='{"text": "x"}', expires_at=datetime.now(UTC) + timedelta(seconds=seconds)
    )
    return Answer(outcome=Outcome.ANSWERED, text="Shall I?", confirmation=call)


def answered(turns: Turns, question: Question, answer: Answer) -> str:
    turn_id, _ = turns.insert(question)
    claim = turns.claim(turn_id, "w")
    assert claim
    turns.save_answer(claim, answer)
    turns.close(claim, answer.outcome)
    return turn_id


def by(asker: str, question: Question) -> Question:
    return question.model_copy(update={"asker": Asker(id=asker)})


def test_the_asker_s_next_turn_in_the_thread_finds_what_was_proposed(
    turns: Turns, confirmations: Confirmations
) -> None:
    asked = a_question("Note this.")
    proposed = answered(turns, asked, proposing())
    yes, _ = turns.insert(a_question("yes"))
    found = confirmations.open(asked.address, "u1", before=yes)
    assert found
    assert found[0] == proposed
    assert (found[1].tool, found[1].arguments) == ("add_note", '{"text": "x"}')


def test_nobody_else_and_nowhere_else(turns: Turns, confirmations: Confirmations) -> None:
    asked = a_question("Note this.")
    answered(turns, asked, proposing())
    yes, _ = turns.insert(by("u2", a_question("yes")))
    elsewhere = a_question("yes", thread="t2")
    other, _ = turns.insert(elsewhere)
    assert confirmations.open(asked.address, "u2", before=yes) is None
    assert confirmations.open(elsewhere.address, "u1", before=other) is None


def test_what_another_person_asks_in_between_does_not_matter(
    turns: Turns, confirmations: Confirmations
) -> None:
    asked = a_question("Note this.")
    proposed = answered(turns, asked, proposing())
    answered(turns, by("u2", a_question()), an_answer())
    yes, _ = turns.insert(a_question("yes"))
    found = confirmations.open(asked.address, "u1", before=yes)
    assert found
    assert found[0] == proposed


def test_a_yes_after_something_else_confirms_nothing(turns: Turns, confirmations: Confirmations) -> None:
    asked = a_question("Note this.")
    answered(turns, asked, proposing())
    answered(turns, a_question("And where is the key?"), an_answer())
    yes, _ = turns.insert(a_question("yes"))
    assert confirmations.open(asked.address, "u1", before=yes) is None


def test_a_proposal_expires(turns: Turns, confirmations: Confirmations) -> None:
    asked = a_question("Note this.")
    answered(turns, asked, proposing(seconds=-1))
    yes, _ = turns.insert(a_question("yes"))
    assert confirmations.open(asked.address, "u1", before=yes) is None


def test_many_at_once_take_it_once(turns: Turns, confirmations: Confirmations) -> None:
    proposed = answered(turns, a_question("Note this."), proposing())
    together, taken = threading.Barrier(8), []

    def take(number: int) -> None:
        together.wait()
        taken.append(confirmations.take(proposed, by=f"turn-{number}"))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(taken) == [False] * 7 + [True]
    assert not confirmations.take("no such turn", by="turn-9")
