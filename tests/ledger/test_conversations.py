import pytest
from sqlalchemy import Engine

from core.messages import Exchange, Outcome
from ledger.conversations import Conversations
from ledger.turns import Turns
from tests.ledger.questions import a_question, an_answer


@pytest.fixture
def turns(engine: Engine) -> Turns:
    return Turns(engine)


@pytest.fixture
def conversations(engine: Engine) -> Conversations:
    return Conversations(engine)


def say(
    turns: Turns, text: str, outcome: Outcome = Outcome.ANSWERED, *, thread: str = "t1", query: str = ""
) -> str:
    """A turn from question to outcome."""
    turn_id, _ = turns.insert(a_question(text, thread=thread))
    claim = turns.claim(turn_id, "w")
    assert claim is not None
    turns.save_answer(claim, an_answer(f"{text} Yes.", outcome, query))
    turns.close(claim, outcome)
    return turn_id


def test_a_conversation_is_what_was_said_before_oldest_first(
    turns: Turns, conversations: Conversations
) -> None:
    say(turns, "Is it open?")
    say(turns, "And on weekends?", Outcome.ABSTAINED, query="Is it open on weekends?")
    question = a_question("And at night?")
    turn_id, _ = turns.insert(question)
    say(turns, "Later?")

    assert conversations.recent(question.address, before=turn_id) == [
        Exchange(
            question="Is it open?",
            query="Is it open?",
            answer="Is it open? Yes.",
            outcome=Outcome.ANSWERED,
        ),
        Exchange(
            question="And on weekends?",
            query="Is it open on weekends?",
            answer="And on weekends? Yes.",
            outcome=Outcome.ABSTAINED,
        ),
    ]


def test_a_conversation_keeps_the_newest_exchanges_within_its_limit(
    turns: Turns, conversations: Conversations
) -> None:
    for number in range(4):
        say(turns, f"q{number}")
    last = say(turns, "last")
    address = a_question().address
    assert [one.question for one in conversations.recent(address, before=last, limit=2)] == ["q2", "q3"]


def test_other_threads_failures_and_open_turns_are_no_part_of_it(
    turns: Turns, conversations: Conversations
) -> None:
    say(turns, "elsewhere", thread="t2")
    for outcome in (Outcome.REFUSED, Outcome.FAILED, Outcome.WITHDRAWN, Outcome.ESCALATED):
        say(turns, outcome.value, outcome)
    turns.insert(a_question("still open"))
    last = say(turns, "last")
    assert conversations.recent(a_question().address, before=last) == []


def test_before_an_unknown_turn_there_is_nothing(turns: Turns, conversations: Conversations) -> None:
    say(turns, "q")
    assert conversations.recent(a_question().address, before="unknown") == []
