from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, update

from core.errors import LostClaim
from core.messages import Outcome
from ledger import ids
from ledger.tables import turns as table
from ledger.transactions import writing
from ledger.turns import Claim, Turns
from tests.ledger.questions import a_question, a_reply, an_answer

HOUR = 3_600_000
RACERS = 16


@pytest.fixture
def turns(engine: Engine) -> Turns:
    return Turns(engine)


def new_turn(turns: Turns, text: str = "Where is the key?") -> str:
    return turns.insert(a_question(text))[0]


def later_turn(turns: Turns, earlier: str) -> str:
    """A turn of a later millisecond than another one."""
    while ids.new_id()[:10] <= earlier[:10]:
        pass
    return new_turn(turns)


def held(turns: Turns, turn_id: str, worker: str = "w1") -> Claim:
    claim = turns.claim(turn_id, worker)
    assert claim is not None
    return claim


def age(engine: Engine, turn_id: str, *columns: str) -> None:
    """Let an hour pass for these times of a turn."""
    with writing(engine) as connection:
        connection.execute(
            update(table)
            .where(table.c.id == turn_id)
            .values({column: table.c[column] - HOUR for column in columns})
        )


def expire(engine: Engine, turn_id: str) -> None:
    age(engine, turn_id, "due_at", "enqueued_at")


def race(act: Callable[[], Any]) -> list[Any]:
    """What each of many threads got that did the same at the same time."""
    start = Barrier(RACERS)

    def run(_number: int) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(RACERS) as threads:
        return list(threads.map(run, range(RACERS)))


def test_a_question_is_received_once_for_its_key(turns: Turns) -> None:
    question = a_question("Où est la clé? 🔑")
    turn_id, new = turns.insert(question)
    again = question.model_copy(update={"text": "delivered twice"})

    assert new
    assert turns.insert(again) == (turn_id, False)
    turn = turns.get(turn_id)
    assert turn is not None
    assert turn.question == question
    assert (turn.state, turn.attempt, turn.answer, turn.reply) == ("received", 0, None, None)
    assert (turn.started_at, turn.finished_at) == (None, None)


def test_an_edited_question_is_another_turn(turns: Turns) -> None:
    question = a_question()
    edited = question.model_copy(
        update={"key": question.key.model_copy(update={"version": 1_763_000_000_000})}
    )

    assert turns.insert(question)[0] != turns.insert(edited)[0]
    assert turns.backlog() == 2


def test_one_of_many_inserts_at_once_is_new(turns: Turns) -> None:
    question = a_question()
    results = race(lambda: turns.insert(question))

    assert sorted(new for _, new in results) == [False] * (RACERS - 1) + [True]
    assert len({turn_id for turn_id, _ in results}) == 1


def test_one_of_many_claims_at_once_wins(turns: Turns) -> None:
    turn_id = new_turn(turns)
    claims = [claim for claim in race(lambda: turns.claim(turn_id, "w")) if claim is not None]

    assert [claim.attempt for claim in claims] == [1]


def test_one_of_many_claims_wins_a_turn_whose_worker_died(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    held(turns, turn_id)
    expire(engine, turn_id)

    assert [claim.attempt for claim in race(lambda: turns.claim(turn_id, "w")) if claim is not None] == [2]


def test_a_claim_carries_the_question_and_what_was_done_before(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns, "Where?")
    first = held(turns, turn_id)
    assert (first.question.text, first.reply, first.answer, first.exhausted) == ("Where?", None, None, False)
    turns.save_reply(first, a_reply())
    turns.save_answer(first, an_answer())
    expire(engine, turn_id)

    second = held(turns, turn_id, "w2")
    assert (second.attempt, second.reply, second.answer) == (2, a_reply(), an_answer())


def test_there_is_no_claim_on_an_unknown_turn(turns: Turns) -> None:
    assert turns.claim("01ARZ3NDEKTSV4RRFFQ69G5FAV", "w1") is None


def test_a_running_turn_cannot_be_claimed(turns: Turns) -> None:
    turn_id = new_turn(turns)
    held(turns, turn_id)
    assert turns.claim(turn_id, "w2") is None


def test_a_heartbeat_renews_the_lease(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    claim = held(turns, turn_id)
    expire(engine, turn_id)
    turns.heartbeat(claim)
    assert turns.claim(turn_id, "w2") is None


def test_saving_renews_the_lease_too(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    claim = held(turns, turn_id)
    expire(engine, turn_id)
    turns.save_answer(claim, an_answer())
    assert turns.claim(turn_id, "w2") is None


WRITES: list[Callable[[Turns, Claim], Any]] = [
    lambda turns, claim: turns.heartbeat(claim),
    lambda turns, claim: turns.release(claim, after=0, error=""),
    lambda turns, claim: turns.save_reply(claim, a_reply()),
    lambda turns, claim: turns.save_answer(claim, an_answer()),
    lambda turns, claim: turns.close(claim, Outcome.ANSWERED),
]


@pytest.mark.parametrize("write", WRITES, ids=["heartbeat", "release", "save_reply", "save_answer", "close"])
def test_a_stale_claim_writes_nothing(
    turns: Turns, engine: Engine, write: Callable[[Turns, Claim], Any]
) -> None:
    turn_id = new_turn(turns)
    stale = held(turns, turn_id)
    expire(engine, turn_id)
    held(turns, turn_id, "w2")
    before = turns.get(turn_id)

    with pytest.raises(LostClaim, match="attempt 1 no longer holds it"):
        write(turns, stale)
    assert turns.get(turn_id) == before


@pytest.mark.parametrize("write", WRITES, ids=["heartbeat", "release", "save_reply", "save_answer", "close"])
def test_a_turn_that_ended_takes_no_more_writes(
    turns: Turns, engine: Engine, write: Callable[[Turns, Claim], Any]
) -> None:
    turn_id = new_turn(turns)
    claim = held(turns, turn_id)
    turns.close(claim, Outcome.ABSTAINED)
    before = turns.get(turn_id)

    with pytest.raises(LostClaim):
        write(turns, claim)
    assert turns.get(turn_id) == before
    assert turns.claim(turn_id, "w2") is None


def test_an_answered_turn_shows_its_answer_and_times(turns: Turns) -> None:
    turn_id = new_turn(turns)
    claim = held(turns, turn_id, "host-7")
    turns.save_answer(claim, an_answer())
    turns.close(claim, Outcome.ANSWERED)

    turn = turns.get(turn_id)
    assert turn is not None
    assert (turn.state, turn.answer, turn.worker, turn.attempt) == ("answered", an_answer(), "host-7", 1)
    assert turn.started_at is not None
    assert turn.finished_at is not None
    assert turn.received_at <= turn.started_at <= turn.finished_at
    assert turn.received_at.tzinfo is not None
    assert turns.backlog() == 0


def test_an_answer_stored_again_replaces_the_first(turns: Turns) -> None:
    claim = held(turns, new_turn(turns))
    turns.save_answer(claim, an_answer("one"))
    turns.save_answer(claim, an_answer("two"))
    turn = turns.get(claim.turn_id)
    assert turn is not None
    assert turn.answer == an_answer("two")


def test_a_released_turn_waits_for_its_time(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    turns.release(held(turns, turn_id), after=60, error="the model is down")
    age(engine, turn_id, "enqueued_at")

    assert turns.claim(turn_id, "w2") is None
    assert turns.sweep() == []
    turn = turns.get(turn_id)
    assert turn is not None
    assert (turn.state, turn.error) == ("received", "the model is down")

    age(engine, turn_id, "due_at")
    assert turns.sweep() == [turn_id]
    assert held(turns, turn_id).attempt == 2


def test_an_error_is_kept_without_its_secrets(turns: Turns) -> None:
    token = "xoxb-" + "123456789012-abcdefghijkl"
    claim = held(turns, new_turn(turns))
    turns.close(claim, Outcome.FAILED, error=f"401 with {token}\0")
    turn = turns.get(claim.turn_id)
    assert turn is not None
    assert turn.error == "401 with [secret: Slack token]\N{REPLACEMENT CHARACTER}"


def test_a_withdrawn_turn_ends_and_fences_its_worker_out(turns: Turns) -> None:
    turn_id = new_turn(turns)
    claim = held(turns, turn_id)

    assert turns.withdraw(turn_id)
    with pytest.raises(LostClaim):
        turns.close(claim, Outcome.ANSWERED)
    turn = turns.get(turn_id)
    assert turn is not None
    assert turn.state == "withdrawn"
    assert turn.finished_at is not None
    assert not turns.withdraw(turn_id)


def test_a_turn_that_waits_can_be_withdrawn_and_an_unknown_one_cannot(turns: Turns) -> None:
    turn_id = new_turn(turns)
    assert turns.withdraw(turn_id)
    assert turns.claim(turn_id, "w1") is None
    assert not turns.withdraw("01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_a_sweep_leaves_a_new_turn_to_the_broker(turns: Turns) -> None:
    new_turn(turns)
    assert turns.sweep() == []


def test_a_sweep_finds_what_the_broker_forgot_and_finds_it_once(turns: Turns, engine: Engine) -> None:
    forgotten = [new_turn(turns) for _ in range(3)]
    for turn_id in forgotten:
        age(engine, turn_id, "enqueued_at")

    assert sorted(turns.sweep()) == sorted(forgotten)
    assert turns.sweep() == []


def test_a_sweep_finds_the_turn_of_a_dead_worker_and_leaves_that_of_a_live_one(
    turns: Turns, engine: Engine
) -> None:
    dead, alive = new_turn(turns), new_turn(turns)
    for turn_id in (dead, alive):
        held(turns, turn_id)
        age(engine, turn_id, "enqueued_at")
    age(engine, dead, "due_at")

    assert turns.sweep() == [dead]
    assert turns.sweep() == []


def test_a_sweep_takes_the_longest_waiting_first(turns: Turns, engine: Engine) -> None:
    first, second, third = (new_turn(turns) for _ in range(3))
    for turn_id, hours in ((second, 3), (third, 2), (first, 1)):
        for _ in range(hours):
            age(engine, turn_id, "enqueued_at")

    assert turns.sweep(limit=1) == [second]
    assert turns.sweep(limit=1) == [third]
    assert turns.sweep(limit=9) == [first]


def test_sweeps_at_once_hand_out_each_turn_once(turns: Turns, engine: Engine) -> None:
    waiting = [new_turn(turns) for _ in range(RACERS * 2)]
    for turn_id in waiting:
        age(engine, turn_id, "enqueued_at")

    swept = [turn_id for batch in race(lambda: turns.sweep(limit=5)) for turn_id in batch]
    swept += turns.sweep()
    assert sorted(swept) == sorted(waiting)


def test_after_four_attempts_a_claim_is_exhausted(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    exhausted = []
    for _ in range(5):
        exhausted.append(held(turns, turn_id).exhausted)
        expire(engine, turn_id)
    assert exhausted == [False, False, False, False, True]


def test_a_turn_that_not_even_the_apology_ended_is_closed_by_the_sweep(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    for _ in range(6):
        held(turns, turn_id)
        expire(engine, turn_id)
        assert turns.sweep() == [turn_id]
    held(turns, turn_id)
    expire(engine, turn_id)

    assert turns.claim(turn_id, "w1") is None
    assert turns.sweep() == []
    turn = turns.get(turn_id)
    assert turn is not None
    assert turn.state == "failed"
    assert turn.finished_at is not None
    assert turn.error
    assert turns.backlog() == 0


def test_the_sweep_that_gives_up_keeps_the_error_that_it_finds(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    for _ in range(7):
        turns.release(held(turns, turn_id), after=0, error="the platform says no")
    expire(engine, turn_id)
    assert turns.sweep() == []
    turn = turns.get(turn_id)
    assert turn is not None
    assert (turn.state, turn.error) == ("failed", "the platform says no")


def test_a_redriven_turn_starts_over_and_keeps_its_place(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    for _ in range(5):
        claim = held(turns, turn_id)
        expire(engine, turn_id)
    turns.save_reply(claim, a_reply())
    turns.save_answer(claim, an_answer("Sorry.", Outcome.FAILED))
    turns.close(claim, Outcome.FAILED, error="down")

    assert turns.redrive(turn_id)
    turn = turns.get(turn_id)
    assert turn is not None
    assert (turn.state, turn.attempt, turn.error, turn.finished_at) == ("received", 0, "", None)
    again = held(turns, turn_id)
    assert not again.exhausted
    assert (again.reply, again.answer) == (a_reply(), None)


def test_a_redriven_turn_does_not_let_a_worker_of_its_first_life_in(turns: Turns, engine: Engine) -> None:
    turn_id = new_turn(turns)
    frozen = held(turns, turn_id)
    expire(engine, turn_id)
    turns.close(held(turns, turn_id), Outcome.FAILED)
    turns.redrive(turn_id)
    held(turns, turn_id)

    with pytest.raises(LostClaim):
        turns.close(frozen, Outcome.ANSWERED)


def test_a_redriven_turn_keeps_an_answer_that_was_only_not_posted(turns: Turns) -> None:
    claim = held(turns, new_turn(turns))
    turns.save_answer(claim, an_answer())
    turns.close(claim, Outcome.FAILED)
    turns.redrive(claim.turn_id)
    assert held(turns, claim.turn_id).answer == an_answer()


def test_only_a_failed_turn_is_redriven(turns: Turns) -> None:
    waiting, done = new_turn(turns), new_turn(turns)
    claim = held(turns, done)
    turns.save_answer(claim, an_answer(outcome=Outcome.FAILED))
    turns.close(claim, Outcome.ANSWERED)

    assert not turns.redrive(waiting)
    assert not turns.redrive(done)
    assert not turns.redrive("01ARZ3NDEKTSV4RRFFQ69G5FAV")
    turn = turns.get(done)
    assert turn is not None
    assert turn.answer is not None


def test_a_turn_is_found_by_the_beginning_of_its_id(turns: Turns) -> None:
    turn_id = new_turn(turns)
    for name in (turn_id, turn_id.lower(), turn_id[:12], turn_id[:6]):
        found = turns.get(name)
        assert found is not None
        assert found.id == turn_id


def test_no_turn_is_found_by_too_little_or_by_what_two_share(turns: Turns) -> None:
    one, two = new_turn(turns), new_turn(turns)
    assert one[:6] == two[:6]
    for name in (one[:5], one[:6], "", "%%%%%%", one[:25] + "~", "Z" * 26):
        assert turns.get(name) is None


def test_the_newest_turns_come_first(turns: Turns) -> None:
    old = new_turn(turns)
    middle = later_turn(turns, old)
    new = later_turn(turns, middle)
    turns.close(held(turns, middle), Outcome.FAILED)

    assert [turn.id for turn in turns.recent()] == [new, middle, old]
    assert [turn.id for turn in turns.recent(limit=2)] == [new, middle]
    assert [turn.id for turn in turns.recent(outcome=Outcome.FAILED)] == [middle]


def test_the_backlog_counts_what_waits_and_what_runs(turns: Turns) -> None:
    assert turns.backlog() == 0
    waiting, _running = new_turn(turns), held(turns, new_turn(turns))
    assert turns.backlog() == 2
    turns.withdraw(waiting)
    assert turns.backlog() == 1
