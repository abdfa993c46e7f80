"""A tool that changes something runs when its asker says yes, as it was proposed, and once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.completions import NO_ANSWER
from core.messages import Address, Answer, Asker, Outcome, Question
from core.settings import HomeSettings
from core.tools import ToolResult
from ledger.confirmations import Confirmations
from ledger.engine import LedgerSettings, open_ledger
from ledger.turns import Turns
from tests.workers.answering.fakes import FakeTool, calling
from tests.workers.answering.parts import Library, ScriptedModel, ask, question
from workers.answering.budget import AnsweringSettings
from workers.answering.confirmation import GONE, TAKEN

ASKED = "Note that the desk moves in May."
ARGUMENTS = '{"text": "The desk moves in May."}'


class Desk:
    """A thread in which one person after another says something, on a real ledger."""

    def __init__(self, folder: Path) -> None:
        self._engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=folder))
        self.turns = Turns(self._engine)
        self.confirmations = Confirmations(self._engine)
        self.tool = FakeTool("add_note", ToolResult("Noted as number 7."), takes=("text",), writes=True)
        self.model = ScriptedModel()
        self.settings = AnsweringSettings()
        self._said = 0

    def close(self) -> None:
        self._engine.dispose()

    def insert(self, text: str, *, asker: str = "ann", thread: str = "") -> tuple[str, Question]:
        self._said += 1
        asked = question(text)
        key = asked.key.model_copy(update={"message": str(self._said)})
        address = Address(platform="terminal", workspace="here", channel="chat", thread=thread)
        asked = asked.model_copy(update={"key": key, "asker": Asker(id=asker), "address": address})
        return self.turns.insert(asked)[0], asked

    def say(self, text: str, *, asker: str = "ann", thread: str = "", tools: bool = True) -> Answer:
        turn_id, asked = self.insert(text, asker=asker, thread=thread)
        claim = self.turns.claim(turn_id, "w")
        assert claim
        answer = self.answer(turn_id, asked, tools=tools)
        self.turns.save_answer(claim, answer)
        self.turns.close(claim, answer.outcome)
        return answer

    def answer(self, turn_id: str, asked: Question, *, tools: bool = True) -> Answer:
        return ask(
            asked,
            Library(),
            self.model,
            tools=[self.tool] if tools else [FakeTool("other")],
            confirmations=self.confirmations,
            settings=self.settings,
            turn_id=turn_id,
        )

    def will(self, *replies: object) -> None:
        self.model = ScriptedModel(*replies)  # type: ignore[arg-type]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    desk.will(calling(("add_note", ARGUMENTS)))
    yield desk
    desk.close()


def test_it_asks_first_and_runs_exactly_that_when_the_asker_says_yes(desk: Desk) -> None:
    asking = desk.say(ASKED)
    assert asking.outcome is Outcome.ANSWERED
    assert asking.text == f"Shall I do add_note with {ARGUMENTS}? Reply “yes” here within 10 minutes."
    assert asking.confirmation
    assert asking.confirmation.arguments == ARGUMENTS
    assert desk.tool.ran == []
    done = desk.say("Yes, please!")
    assert (done.outcome, done.text) == (Outcome.ANSWERED, "Noted as number 7.")
    assert desk.tool.ran == [{"text": "The desk moves in May."}]
    assert [(each.name, each.arguments) for each in done.tools] == [("add_note", ARGUMENTS)]


def test_a_second_yes_does_nothing(desk: Desk) -> None:
    desk.say(ASKED)
    desk.say("yes")
    desk.will(NO_ANSWER)
    assert desk.say("yes").outcome is Outcome.ABSTAINED
    assert len(desk.tool.ran) == 1


def test_an_attempt_that_was_interrupted_is_not_made_twice(desk: Desk) -> None:
    desk.say(ASKED)
    turn_id, asked = desk.insert("yes")
    desk.answer(turn_id, asked)
    again = desk.answer(turn_id, asked)
    assert (again.outcome, again.text) == (Outcome.FAILED, TAKEN)
    assert len(desk.tool.ran) == 1


@pytest.mark.parametrize("who", [{"asker": "bob"}, {"thread": "elsewhere"}])
def test_nobody_else_s_yes_counts_and_none_elsewhere(desk: Desk, who: dict[str, str]) -> None:
    desk.say(ASKED)
    desk.will(NO_ANSWER)
    desk.say("yes", **who)  # type: ignore[arg-type]
    assert desk.tool.ran == []


@pytest.mark.parametrize("words", ["no", "yesterday?", "Yes, but when does it move?", "what?"])
def test_anything_but_a_yes_is_a_question_like_any_other(desk: Desk, words: str) -> None:
    desk.say(ASKED)
    desk.will(NO_ANSWER)
    desk.say(words)
    assert desk.tool.ran == []
    assert len(desk.model.requests) == 1


def test_a_yes_that_comes_too_late_does_nothing(desk: Desk) -> None:
    desk.settings = AnsweringSettings(confirm_seconds=0.001)
    desk.say(ASKED)
    desk.will(NO_ANSWER)
    desk.say("yes")
    assert desk.tool.ran == []


def test_a_tool_that_has_gone_meanwhile_is_said(desk: Desk) -> None:
    desk.say(ASKED)
    assert desk.say("yes", tools=False).text == GONE


def test_a_tool_that_fails_then_is_said(desk: Desk) -> None:
    desk.say(ASKED)
    desk.tool.answer = ToolResult("The notebook is full.", failed=True)
    done = desk.say("yes")
    assert (done.outcome, done.text) == (Outcome.FAILED, "The notebook is full.")


def test_a_secret_is_not_kept_for_later(desk: Desk) -> None:
    key = "sk-proj-" + "a1B2" * 8
    desk.will(calling(("add_note", f'{{"text": "{key}"}}')), NO_ANSWER)
    answer = desk.say(ASKED)
    assert answer.confirmation is None
    assert key not in answer.model_dump_json()


def test_where_nobody_can_say_yes_no_such_tool_is_offered() -> None:
    model = ScriptedModel(NO_ANSWER)
    ask(ASKED, Library(), model, tools=[FakeTool("add_note", writes=True), FakeTool("other")])
    assert [each.name for each in model.requests[0].tools] == ["other"]
