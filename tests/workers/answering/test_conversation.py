"""The newest exchanges that fit are recalled, without a gap."""

import datetime as dt
from collections.abc import Iterator

from core.errors import Unavailable
from core.messages import Address, Audience, Exchange, File, Question
from core.transcripts import Attachment, Channel, Said, Transcript
from tests.ledger.questions import a_question
from tests.workers.answering.parts import ADDRESS, Memory, exchange
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.conversation import overhear, recall

LONG = "word " * 200


def recalled(memory: Memory, budget: int) -> list[str]:
    settings = AnsweringSettings(conversation_tokens=budget)
    return [each.question for each in recall(ADDRESS, "turn-9", memory, settings)]


def test_all_that_fits_is_recalled_oldest_first() -> None:
    memory = Memory(exchange("one", "1"), exchange("two", "2"))
    assert recalled(memory, 100) == ["one", "two"]
    assert memory.asked == [(ADDRESS, "turn-9")]


def test_the_oldest_are_forgotten_first() -> None:
    memory = Memory(*(exchange(f"question {n}", LONG) for n in range(5)))
    assert recalled(memory, 2 * (tokens(LONG) + tokens("question 0"))) == ["question 3", "question 4"]


def test_recall_ends_at_the_first_that_does_not_fit() -> None:
    assert recalled(Memory(exchange("short", "1"), exchange("long", LONG), exchange("new", "3")), 100) == [
        "new"
    ]


def test_no_budget_is_no_memory() -> None:
    memory = Memory(exchange("one", "1"))
    assert recalled(memory, 0) == []
    assert memory.asked == []


class Thread:
    """A platform with one thread, or one that does not answer."""

    def __init__(self, *texts: str, down: bool = False) -> None:
        now = dt.datetime.now(dt.UTC)
        self._said = tuple(Said(str(n), "Ana", now, text, "") for n, text in enumerate(texts))
        self._down = down

    def fetch(self, address: Address, file: File, *, most: int, seconds: float) -> Attachment:
        raise NotImplementedError

    def transcript(self, question: Question, most: int) -> Transcript:
        if self._down:
            raise Unavailable("the platform does not answer")
        return Transcript("1", "this thread", self._said)

    def audience(self, question: Question) -> Audience:
        return question.audience

    def channel(self, name: str) -> Channel:
        raise NotImplementedError

    def conversations(self, channel: Channel) -> Iterator[Transcript]:
        raise NotImplementedError


def overheard(
    thread: Thread, *recalled: Exchange, message: str = "5", root: str = "1", budget: int = 1000
) -> list[str]:
    asked = a_question()
    place = asked.address.model_copy(update={"thread": root, "message": message})
    question = asked.model_copy(update={"address": place})
    settings = AnsweringSettings(conversation_tokens=budget)
    return [each.question for each in overhear(question, recalled, {place.platform: thread}, settings)]


def test_what_people_wrote_above_a_question_is_read_with_it() -> None:
    said = overheard(Thread("the printer is broken", "since Monday"), exchange("which one?", "Two."))
    assert said == ["Ana: the printer is broken", "Ana: since Monday", "which one?"]


def test_what_candor_was_asked_is_not_read_twice() -> None:
    assert overheard(Thread("which one?"), exchange("which one?", "Two.")) == ["which one?"]


def test_a_question_that_begins_its_thread_has_nothing_above_it() -> None:
    assert overheard(Thread("the printer is broken"), message="1") == []


def test_the_newest_messages_of_a_long_thread_are_read() -> None:
    budget = 2 * tokens(f"Ana: 0 {LONG}")
    assert overheard(Thread(*(f"{n} {LONG}" for n in range(5))), budget=budget) == [
        f"Ana: {n} {LONG}" for n in (3, 4)
    ]


def test_a_thread_that_cannot_be_read_costs_no_answer() -> None:
    assert overheard(Thread(down=True), exchange("which one?", "Two.")) == ["which one?"]
