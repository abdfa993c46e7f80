import pytest
from sqlalchemy import Engine

from core.errors import Misconfigured
from ledger.feedback import Feedback
from ledger.turns import Turns
from tests.ledger.questions import a_question


@pytest.fixture
def feedback(engine: Engine) -> Feedback:
    return Feedback(engine)


@pytest.fixture
def turn_id(engine: Engine) -> str:
    return Turns(engine).insert(a_question())[0]


def test_a_person_has_one_thumb_a_turn_and_may_change_it(feedback: Feedback, turn_id: str) -> None:
    feedback.record(turn_id, "ann", 1)
    feedback.record(turn_id, "bob", 1, "clear")
    feedback.record(turn_id, "ann", -1, "out of date")

    votes = {vote.person: (vote.value, vote.reason) for vote in feedback.of(turn_id)}
    assert votes == {"ann": (-1, "out of date"), "bob": (1, "clear")}
    assert all(vote.turn_id == turn_id and vote.given_at.tzinfo for vote in feedback.of(turn_id))


def test_a_thumb_can_be_taken_back_once(feedback: Feedback, turn_id: str) -> None:
    feedback.record(turn_id, "ann", 1)
    feedback.record(turn_id, "bob", -1)
    assert feedback.withdraw(turn_id, "ann")
    assert not feedback.withdraw(turn_id, "ann")
    assert [vote.person for vote in feedback.of(turn_id)] == ["bob"]


def test_a_thumb_on_an_unknown_turn_is_refused(feedback: Feedback) -> None:
    with pytest.raises(Misconfigured, match="no such turn"):
        feedback.record("unknown", "ann", 1)
    assert feedback.of("unknown") == []
