"""Turns found by where they stand."""

from sqlalchemy import Engine

from core.messages import Address, Outcome
from ledger.threads import Threads
from ledger.turns import Turns
from tests.ledger.questions import a_question, a_reply, an_answer


def test_the_latest_turn_of_a_thread_and_those_still_open(engine: Engine) -> None:
    turns, threads = Turns(engine), Threads(engine)
    first, _ = turns.insert(a_question(thread="t1"))
    second, _ = turns.insert(a_question(thread="t1"))
    turns.insert(a_question(thread="t2"))
    place = a_question(thread="t1").address
    latest = threads.latest(place)
    assert latest is not None
    assert latest.id == second
    turns.withdraw(second)
    assert [turn.id for turn in threads.open(place)] == [first]
    assert threads.latest(a_question(thread="t3").address) is None


def test_the_versions_of_one_message_newest_first(engine: Engine) -> None:
    turns, threads = Turns(engine), Threads(engine)
    question = a_question(message="m")
    edited = question.model_copy(update={"key": question.key.model_copy(update={"version": 7})})
    turns.insert(question)
    turns.insert(edited)
    turns.insert(a_question())
    assert [turn.question.key.version for turn in threads.versions(question.key)] == [7, 0]


def test_a_reply_is_found_without_its_thread(engine: Engine) -> None:
    turns, threads = Turns(engine), Threads(engine)
    turn_id, _ = turns.insert(a_question())
    claim = turns.claim(turn_id, "worker")
    assert claim is not None
    turns.save_reply(claim, a_reply("p1"))
    turns.save_answer(claim, an_answer())
    turns.close(claim, Outcome.ANSWERED)
    found = threads.replied(Address(platform="terminal", workspace="local", channel="desk", message="p1"))
    assert found is not None
    assert found.id == turn_id
    for other in ({"channel": "hall"}, {"message": "p"}, {"workspace": "far"}):
        place = {"platform": "terminal", "workspace": "local", "channel": "desk", "message": "p1", **other}
        assert threads.replied(Address(**place)) is None


def test_a_question_can_bring_the_message_to_answer_in(engine: Engine) -> None:
    turns = Turns(engine)
    turn_id, _ = turns.insert(a_question(), a_reply("p9"))
    claim = turns.claim(turn_id, "worker")
    assert claim is not None
    assert claim.reply == a_reply("p9")


def test_a_forgiven_attempt_does_not_count(engine: Engine) -> None:
    turns = Turns(engine, max_attempts=1)
    turn_id, _ = turns.insert(a_question())
    for _ in range(5):
        claim = turns.claim(turn_id, "worker")
        assert claim is not None
        assert not claim.exhausted
        turns.release(claim, after=0, error="asked to wait", forgive=True)
