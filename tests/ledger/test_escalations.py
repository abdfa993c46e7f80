"""Questions handed to people: one owner, one answer, whatever is pressed twice or at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from core.messages import EVERYONE, Address, Answer, Handover, Outcome, Question
from ledger.escalations import Escalation, Escalations, State
from ledger.proposals import Proposal, Proposals
from ledger.turns import Turns
from tests.ledger.questions import a_question, an_answer

TOLD = Handover(question="Where is the key?", outcome=Outcome.ABSTAINED, query="key", documents=3)
CARD = Address(platform="slack", workspace="T1", channel="C9", thread="1.1", message="1.1")


@pytest.fixture
def escalations(engine: Engine) -> Escalations:
    return Escalations(engine, sweep_after=0.0)


@pytest.fixture
def turn_id(engine: Engine) -> str:
    """A turn that has ended, and whose question was handed to people."""
    turns = Turns(engine)
    made, _ = turns.insert(a_question())
    claim = turns.claim(made, "worker")
    assert claim is not None
    turns.save_answer(claim, an_answer("I don't know.", Outcome.ABSTAINED))
    turns.close(claim, Outcome.ABSTAINED)
    assert Escalations(engine).open(made, TOLD, "C9", "ana")
    return made


def now(escalations: Escalations, turn_id: str) -> Escalation:
    found = escalations.get(turn_id)
    assert found is not None
    return found


def brings(turn_id: str) -> Question:
    return a_question(message=f"escalation:{turn_id}")


def proposal(turn_id: str, readers: tuple[str, ...] = (EVERYONE,)) -> Proposal:
    return Proposal(turn_id, TOLD.question, "In the shed.", "ben", "Ben", readers, a_question().address)


def answer(escalations: Escalations, turn_id: str, owner: str) -> str | None:
    said = Answer(outcome=Outcome.ESCALATED, text="In the shed.")
    return escalations.answer(turn_id, owner, brings(turn_id), said, proposal(turn_id))


def test_a_question_is_handed_over_once(escalations: Escalations, turn_id: str) -> None:
    assert not escalations.open(turn_id, TOLD, "C8", "zoe")
    assert now(escalations, turn_id).experts == "C9"


def test_the_first_to_claim_owns_it(escalations: Escalations, turn_id: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        people = [f"person {n}" for n in range(8)]
        won = list(pool.map(lambda who: escalations.claim(turn_id, who, who), people))
    assert sorted(won) == [False] * 7 + [True]
    owned = now(escalations, turn_id)
    assert (owned.state, owned.owner) == (State.CLAIMED, people[won.index(True)])


def test_the_owners_answer_is_a_turn_that_waits_for_a_worker_with_the_words_in_it(
    engine: Engine, escalations: Escalations, turn_id: str
) -> None:
    escalations.claim(turn_id, "ben", "Ben")
    made = answer(escalations, turn_id, "ben")
    assert made is not None
    claim = Turns(engine).claim(made, "worker")
    assert claim is not None
    assert claim.answer == Answer(outcome=Outcome.ESCALATED, text="In the shed.")
    ended = now(escalations, turn_id)
    assert (ended.state, ended.answered_by) == (State.ANSWERED, made)


def test_nobody_but_the_owner_answers_and_they_only_once(
    engine: Engine, escalations: Escalations, turn_id: str
) -> None:
    assert answer(escalations, turn_id, "ben") is None
    escalations.claim(turn_id, "ben", "Ben")
    assert answer(escalations, turn_id, "zoe") is None
    assert answer(escalations, turn_id, "ben") is not None
    assert answer(escalations, turn_id, "ben") is None
    assert len(Turns(engine).recent()) == 2


def test_a_proposal_is_read_by_its_readers_in_its_thread_alone(
    engine: Engine, escalations: Escalations, turn_id: str
) -> None:
    escalations.claim(turn_id, "ben", "Ben")
    kept = proposal(turn_id, ("sales",))
    said = Answer(outcome=Outcome.ESCALATED, text="In the shed.")
    escalations.answer(turn_id, "ben", brings(turn_id), said, kept)
    proposals = Proposals(engine)
    assert proposals.readable(kept.place, ("sales",)) == [kept]
    assert proposals.readable(kept.place, (EVERYONE, "board")) == []
    assert proposals.readable(kept.place.model_copy(update={"thread": "t2"}), ("sales",)) == []


def test_a_question_that_is_taken_back_leaves_none_of_its_words(
    engine: Engine, escalations: Escalations, turn_id: str
) -> None:
    escalations.claim(turn_id, "ben", "Ben")
    made = answer(escalations, turn_id, "ben")
    withdrawn = escalations.withdraw(turn_id)
    assert withdrawn is not None
    assert withdrawn.answered_by == made
    left = now(escalations, turn_id)
    assert left.state is State.WITHDRAWN
    assert TOLD.question not in left.handover.model_dump_json()
    assert Proposals(engine).readable(proposal(turn_id).place, (EVERYONE,)) == []
    assert escalations.withdraw(turn_id) is None
    assert not escalations.claim(turn_id, "zoe", "Zoe")


def test_what_the_cards_do_not_show_is_swept_until_they_do(escalations: Escalations, turn_id: str) -> None:
    assert escalations.sweep() == [turn_id]
    taken = escalations.take(turn_id)
    assert taken is not None
    assert escalations.take(turn_id) is None
    assert escalations.sweep() == []
    escalations.shown(turn_id, taken.revision)
    assert escalations.sweep() == []
    escalations.claim(turn_id, "ben", "Ben")
    assert escalations.sweep() == [turn_id]


def test_a_change_during_the_work_is_shown_after_it(escalations: Escalations, turn_id: str) -> None:
    taken = escalations.take(turn_id)
    assert taken is not None
    escalations.claim(turn_id, "ben", "Ben")
    escalations.shown(turn_id, taken.revision)
    again = escalations.take(turn_id)
    assert again is not None
    assert again.state is State.CLAIMED


def test_a_worker_that_dies_is_followed_by_another(engine: Engine, turn_id: str) -> None:
    hasty = Escalations(engine, lease=0.0, sweep_after=0.0)
    assert hasty.take(turn_id) is not None
    assert hasty.sweep() == [turn_id]
    assert hasty.take(turn_id) is not None


def test_an_escalation_is_found_by_the_thread_of_its_card(escalations: Escalations, turn_id: str) -> None:
    escalations.save_card(turn_id, "C9", CARD)
    found = escalations.at(CARD.model_copy(update={"message": "2.2"}))
    assert found is not None
    assert (found.turn_id, dict(found.cards)) == (turn_id, {"C9": CARD})
    assert escalations.at(CARD.model_copy(update={"workspace": "T2"})) is None


def test_one_that_reached_nobody_can_no_longer_be_claimed(escalations: Escalations, turn_id: str) -> None:
    assert escalations.give_up(turn_id)
    assert not escalations.give_up(turn_id)
    assert not escalations.claim(turn_id, "ben", "Ben")
