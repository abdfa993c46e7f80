"""Whether a text as a whole is asked about."""

import pytest

from core.messages import Task
from tests.workers.answering.parts import Library, chunk, question
from workers.answering.intent import find_subject

LIBRARY = Library(
    chunk("Try three times.", title="Retries", document="retries.md"),
    chunk("Then wait.", title="Retries", document="retries.md", position=1),
    chunk("The board meets.", title="Board", document="board.md", readers=("board",)),
)


@pytest.mark.parametrize(
    "text",
    [
        "summarize retries.md",
        "Summarise the page about retries.",
        "please summarize the document called “Retries”",
        "tl;dr of retries",
        "TLDR: retries",
        "Can you give me a short summary of the retries page, please?",
        "could you please sum up `retries.md`?",
    ],
)
def test_a_document_is_recognised_however_it_is_asked_for(text: str) -> None:
    subject = find_subject(question(text), LIBRARY)
    assert subject
    assert [each.text for each in subject.chunks] == ["Try three times.", "Then wait."]


@pytest.mark.parametrize(
    "text", ["summarize this thread", "Please summarise our conversation!", "tl;dr of this"]
)
def test_the_thread_is_recognised(text: str) -> None:
    subject = find_subject(question(text), LIBRARY)
    assert subject
    assert subject.thread


@pytest.mark.parametrize(
    "text",
    [
        "summarize how retries work",
        "What do retries do?",
        "summarize",
        "summarize board.md",
        "Is there a summary of retries?",
    ],
)
def test_any_other_question_wants_an_answer(text: str) -> None:
    assert find_subject(question(text), LIBRARY) is None


def test_the_task_says_it_without_words() -> None:
    named = find_subject(question("/summarize", task=Task.SUMMARIZE, subject="retries.md"), LIBRARY)
    thread = find_subject(question("/summarize", task=Task.SUMMARIZE), LIBRARY)
    assert named
    assert len(named.chunks) == 2
    assert thread
    assert thread.thread


def test_a_document_of_other_readers_is_as_good_as_absent() -> None:
    asked = question("", task=Task.SUMMARIZE, subject="board.md")
    for library in (LIBRARY, Library(chunk("x", document="board.md", readers=("board",)), leaky=True)):
        subject = find_subject(asked, library)
        assert subject
        assert subject.chunks == ()
