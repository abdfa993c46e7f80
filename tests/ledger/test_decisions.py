"""What guardrails decided stands in the ledger, and outlives no second attempt."""

from sqlalchemy import Engine

from core.messages import Action, Answer, Decision, Outcome, Stage, Trace
from ledger.decisions import Count, Decisions
from ledger.turns import Turns
from tests.ledger.questions import a_question

MASKED = Decision(rule="secrets", stage=Stage.INPUT, score=1.0, action=Action.MASK, reason="a secret", ms=0.2)
FLAGGED = Decision(rule="injection", stage=Stage.INPUT, score=0.7, action=Action.FLAG, reason="like one")


def _answered(turns: Turns, *made: Decision) -> str:
    turn_id = turns.insert(a_question())[0]
    claim = turns.claim(turn_id, "worker")
    assert claim
    for decided in ((FLAGGED,), made):
        turns.save_answer(claim, Answer(outcome=Outcome.ANSWERED, text="x", trace=Trace(decisions=decided)))
    return turn_id


def test_decisions_come_back_in_their_order_those_of_the_last_attempt(engine: Engine) -> None:
    turn_id = _answered(Turns(engine), MASKED, FLAGGED)
    kept = [each.model_copy(update={"ms": 0.0}) for each in (MASKED, FLAGGED)]
    assert Decisions(engine).of(turn_id) == kept
    assert Decisions(engine).of("nobody") == []


def test_they_are_counted_by_turns(engine: Engine) -> None:
    turns = Turns(engine)
    _answered(turns, MASKED, MASKED)
    _answered(turns, MASKED)
    _answered(turns)
    assert Decisions(engine).counts() == [Count("secrets", Stage.INPUT, Action.MASK, 2)]
