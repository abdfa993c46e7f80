"""The newest exchanges that fit are recalled, without a gap."""

from tests.workers.answering.parts import ADDRESS, Memory, exchange
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.conversation import recall

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
