"""The task that answers: every turn comes to one end, whatever fails on the way."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.outgoing import Payload
from core.completions import ModelRole, Models
from core.documents import Passage
from core.errors import ModelRejected, ModelUnavailable
from core.messages import Address, Exchange, Outcome
from ledger.turns import Turn
from retrieval.search import Query
from tests.bot.books import Books, CollectingEgress, CollectingSpeaker, open_books
from tests.ledger.questions import a_question
from tests.workers.answering.parts import Library, ScriptedModel, chunk
from workers.answering.budget import AnsweringSettings
from workers.answering.process import Process
from workers.lease import Heartbeat
from workers.tasks.answering import GIVEN_UP, Answering


class NoHistory:
    def recent(self, address: Address, *, before: str, limit: int = 20) -> list[Exchange]:
        return []


class Bench:
    """A worker on a ledger in a file, with a platform in memory and a model that follows a script."""

    def __init__(self, folder: Path, *replies: str | Exception, lease: float = 15.0) -> None:
        self.books: Books = open_books(folder, lease=lease, sweep_after=0.0)
        self.egress = CollectingEgress()
        self.model = ScriptedModel(*replies)
        self.heartbeat = Heartbeat(self.books.turns)
        self.answering = Answering(
            turns=self.books.turns,
            process=Process(
                search=Library(chunk("The doorkey lies under the mat.")),
                models=Models({ModelRole.STRONG: self.model}),
                conversations=NoHistory(),
                settings=AnsweringSettings(),
            ),
            speakers={"terminal": CollectingSpeaker(self.egress)},
            heartbeat=self.heartbeat,
            worker="worker",
            max_attempts=4,
            seconds=30,
            pauses=(0.0,),
        )

    def ask(self, text: str = "Where is the doorkey?") -> str:
        return self.books.turns.insert(a_question(text))[0]

    def work_until_ended(self, turn_id: str) -> Turn:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            self.answering.run(turn_id)
            turn = self.books.turns.get(turn_id)
            assert turn is not None
            if turn.finished_at is not None:
                return turn
            time.sleep(0.05)
        raise AssertionError("the turn never ended")


ANSWER = "The doorkey lies under the mat. [1]"


def test_a_turn_is_answered_once_and_a_repeated_hint_does_nothing(tmp_path: Path) -> None:
    bench = Bench(tmp_path, ANSWER)
    turn = bench.work_until_ended(bench.ask())
    bench.answering.run(turn.id)
    assert turn.state == Outcome.ANSWERED
    assert len(bench.egress.messages) == 1
    assert "under the mat. [1]" in bench.egress.shown()[0]
    assert len(bench.model.requests) == 1


def test_a_model_that_comes_back_is_asked_again(tmp_path: Path) -> None:
    bench = Bench(tmp_path, ModelUnavailable("down"), ModelUnavailable("down"), ANSWER)
    turn = bench.work_until_ended(bench.ask())
    assert (turn.state, turn.attempt) == (Outcome.ANSWERED, 3)
    assert len(bench.egress.messages) == 1


def test_a_model_that_stays_away_ends_in_a_plain_sentence_after_four_attempts(tmp_path: Path) -> None:
    bench = Bench(tmp_path, *[ModelUnavailable("CANDOR_OPENAI_BASE_URL: refused")] * 9)
    turn = bench.work_until_ended(bench.ask())
    assert (turn.state, turn.attempt) == (Outcome.FAILED, 4)
    assert bench.egress.shown() == [ModelUnavailable.say]
    assert turn.error == "CANDOR_OPENAI_BASE_URL: refused"
    assert turn.answer is not None
    assert turn.answer.text == ModelUnavailable.say


def test_what_no_retry_can_mend_is_said_at_once(tmp_path: Path) -> None:
    bench = Bench(tmp_path, ModelRejected("CANDOR_OPENAI_API_KEY: refused"))
    turn = bench.work_until_ended(bench.ask())
    assert (turn.state, turn.attempt) == (Outcome.FAILED, 1)
    assert bench.egress.shown() == [ModelRejected.say]


def test_what_nobody_foresaw_is_never_shown_and_ends_the_turn(tmp_path: Path) -> None:
    bench = Bench(tmp_path, *[RuntimeError("secret detail of a traceback")] * 9)
    turn = bench.work_until_ended(bench.ask())
    assert turn.state == Outcome.FAILED
    (shown,) = bench.egress.shown()
    assert "secret detail" not in shown
    assert "Something went wrong on my side" in shown


def test_a_failed_turn_is_answered_when_it_is_redriven(tmp_path: Path) -> None:
    bench = Bench(tmp_path, *[ModelUnavailable("down")] * 4, ANSWER)
    turn = bench.work_until_ended(bench.ask())
    assert turn.state == Outcome.FAILED
    assert bench.books.turns.redrive(turn.id)
    turn = bench.work_until_ended(turn.id)
    assert turn.state == Outcome.ANSWERED
    assert len(bench.egress.messages) == 1
    assert "under the mat" in bench.egress.shown()[0]


def test_nobody_pays_for_an_answer_that_has_nowhere_to_go(tmp_path: Path) -> None:
    bench = Bench(tmp_path, ANSWER)
    turn_id = bench.ask()
    bench.egress.down = True
    bench.answering.run(turn_id)
    assert bench.model.requests == []
    bench.egress.down = False
    assert bench.work_until_ended(turn_id).state == Outcome.ANSWERED


class DyingEgress(CollectingEgress):
    """A platform on which the worker dies, as suddenly as it gets here, when it shows the answer."""

    def update(self, message: Address, payload: Payload) -> None:
        if payload["final"]:
            raise KeyboardInterrupt
        super().update(message, payload)


def test_a_crash_between_storing_and_posting_does_not_pay_twice(tmp_path: Path) -> None:
    bench = Bench(tmp_path, ANSWER, lease=0.0)
    turn_id = bench.ask()
    dying = replace(
        bench.answering, speakers={"terminal": CollectingSpeaker(DyingEgress(bench.egress.messages))}
    )
    with pytest.raises(KeyboardInterrupt):
        dying.run(turn_id)
    turn = bench.work_until_ended(turn_id)
    assert turn.state == Outcome.ANSWERED
    assert len(bench.model.requests) == 1
    assert len(bench.egress.messages) == 1


def test_a_poisonous_question_that_kills_every_worker_ends_in_an_apology(tmp_path: Path) -> None:
    bench = Bench(tmp_path, lease=0.0)
    turn_id = bench.ask()
    for _ in range(4):  # claimed, and dead before anything else
        assert bench.books.turns.claim(turn_id, "dying") is not None
    turn = bench.work_until_ended(turn_id)
    assert turn.state == Outcome.FAILED
    assert bench.egress.shown() == [GIVEN_UP]


def test_a_question_taken_back_while_it_is_worked_on_is_not_answered(tmp_path: Path) -> None:
    bench = Bench(tmp_path, ANSWER)
    turn_id = bench.ask()

    class TakenBack(Library):
        def find(self, query: Query) -> list[Passage]:
            bench.books.turns.withdraw(turn_id)
            return super().find(query)

    process = replace(bench.answering.process, search=TakenBack(chunk("The doorkey lies under the mat.")))
    replace(bench.answering, process=process).run(turn_id)
    turn = bench.books.turns.get(turn_id)
    assert turn is not None
    assert turn.state == Outcome.WITHDRAWN
    assert all("mat" not in str(text) for text in bench.egress.shown())


def test_what_becomes_of_turns_is_counted(tmp_path: Path) -> None:
    bench = Bench(tmp_path, ModelUnavailable("down"), ANSWER)
    bench.work_until_ended(bench.ask())
    shown = bench.answering.watch.metrics.text().decode().splitlines()
    assert 'candor_turns_total{outcome="answered",platform="terminal"} 1.0' in shown
    assert 'candor_retries_total{error="ModelUnavailable"} 1.0' in shown
    assert 'candor_turn_seconds_count{platform="terminal"} 1.0' in shown
    assert 'candor_step_seconds_count{step="search"} 1.0' in shown
    assert "candor_wait_seconds_count 1.0" in shown
