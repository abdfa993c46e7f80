"""The terminal as a platform: asked here, answered by anybody, read here."""

import threading
from pathlib import Path

import pytest

from bot.intake import Intake
from bot.live_reply import LiveReply
from bot.platforms.terminal.egress import TerminalSpeaker
from bot.platforms.terminal.ingress import Terminal
from core.deadline import Deadline
from core.messages import Audience, Task
from tests.bot.books import Books, CollectingQueue, open_books
from tests.ledger.questions import an_answer


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return open_books(tmp_path)


@pytest.fixture
def terminal(books: Books) -> Terminal:
    intake = Intake(books.turns, books.feedback, CollectingQueue())
    return Terminal(intake, books.posts, person="ada", audience=Audience(groups=("everyone", "hr")))


def test_a_question_carries_who_asks_and_who_can_read_the_reply(books: Books, terminal: Terminal) -> None:
    turn = books.turns.get(terminal.ask("Where?", task=Task.SUMMARIZE, subject="keys.md").turn_id)
    assert turn is not None
    question = turn.question
    assert (question.text, question.task, question.subject) == ("Where?", Task.SUMMARIZE, "keys.md")
    assert question.asker.id == "ada"
    assert question.audience.groups == ("everyone", "hr")


def test_the_same_words_twice_are_two_questions_of_one_thread(books: Books, terminal: Terminal) -> None:
    first, second = (books.turns.get(terminal.ask("Where?").turn_id) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.id != second.id
    assert first.question.address == second.question.address


def test_a_reply_is_followed_from_placeholder_to_end(books: Books, terminal: Terminal) -> None:
    turn_id = terminal.ask("Where?").turn_id

    def work() -> None:
        claim = books.turns.claim(turn_id, "worker")
        assert claim is not None
        reply = LiveReply(claim, books.turns, TerminalSpeaker(books.posts))
        reply.write("Under ")
        reply.finish(an_answer("Under the mat."))

    worker = threading.Thread(target=work)
    worker.start()
    seen = [post.payload for post in terminal.follow(turn_id, Deadline(10)) if post is not None]
    worker.join()
    assert seen[-1] == {"text": "Under the mat.", "kind": "text", "final": True}
    assert sum(bool(payload["final"]) for payload in seen) == 1


def test_following_ends_at_the_deadline_where_nobody_answers(terminal: Terminal) -> None:
    turn_id = terminal.ask("Where?").turn_id
    assert set(terminal.follow(turn_id, Deadline(0.2))) == {None}
