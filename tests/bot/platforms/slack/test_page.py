"""Candor used through the demo's page: asked, rated, stopped, shared, set up."""

from collections.abc import Iterator

import pytest

from bot.simulators.slack import Person
from bot.simulators.slack.page import SlackScene
from bot.simulators.view import viewing
from core.channels import Listening
from core.messages import Address
from tests.bot.platforms.slack.bench import Bench
from tests.bot.simulators.visitor import Visitor

MENTION = "@candor where is the doorkey?"


@pytest.fixture
def admin(slack: Bench) -> Person:
    return slack.slack.person("Dana", admin=True)


@pytest.fixture
def visitor(slack: Bench, admin: Person) -> Iterator[Visitor]:
    slack.general.members.add(admin.id)
    with viewing(SlackScene([slack.ana, slack.ben, admin])) as url, Visitor(url) as made:
        yield made.open("/")


@pytest.fixture
def thread(slack: Bench, visitor: Visitor) -> Visitor:
    """The thread of a question that is answered."""
    visitor.write(MENTION)
    question = slack.until(lambda: slack.ana.sees(slack.general))[-1]
    slack.answer_to(question)
    return visitor.open(visitor.place).follow("1 reply")


def test_an_answer_stands_in_its_thread_with_sources_and_buttons(thread: Visitor) -> None:
    read = thread.reads("thread")
    assert "The doorkey lies under the mat. [1]" in read
    assert "It can be wrong" in read
    assert {"👍 Good answer", "👎 Bad answer", "Try again"} <= set(thread.labels("thread"))


def test_a_thumb_down_opens_a_modal_that_wants_a_reason(slack: Bench, thread: Visitor) -> None:
    assert thread.press("Bad answer", "thread").status_code == 303
    assert "What is wrong with this answer?" in thread.reads("modal")
    answer = thread.press("Send", "modal")
    assert (answer.status_code, list(answer.json())) == (422, ["reason"])
    assert thread.press("Send", "modal", reason="stale", comment="It moved.").status_code == 303
    assert thread.reads("modal") == ""
    slack.slack.settle()
    (vote,) = slack.feedback.of(slack.turns.recent()[-1].id)
    assert (vote.value, vote.reason) == (-1, "stale: It moved.")


def test_a_modal_can_be_closed(thread: Visitor) -> None:
    thread.press("Bad answer", "thread")
    thread.press("Not now", "modal")
    assert thread.reads("modal") == ""


def test_try_again_replaces_the_answer(slack: Bench, thread: Visitor) -> None:
    slack.model.text = "The doorkey lies in the shed. [1]"
    thread.press("Try again", "thread")
    (question,) = slack.ana.sees(slack.general)
    slack.answer_to(question, "in the shed")
    assert "in the shed" in thread.reads("thread")
    assert "under the mat" not in thread.reads("thread")


def test_an_answer_is_stopped_while_it_is_written(slack: Bench, visitor: Visitor) -> None:
    slack.model.text = "The doorkey lies under the mat. [1]\n\nThe spare one is in the shed. [1]"
    slack.model.may_end.clear()
    visitor.write(MENTION)
    assert slack.model.began.wait(10)
    visitor.open(visitor.place).follow("1 reply")
    assert visitor.press("Stop", "status").status_code == 303
    slack.model.may_end.set()
    assert slack.settled()[0].state == "withdrawn"
    assert "in the shed" not in visitor.reads("thread")


def test_a_command_is_answered_to_its_asker_and_can_be_shared(slack: Bench, visitor: Visitor) -> None:
    assert visitor.write("/ask where is the doorkey?").status_code == 303
    slack.until(lambda: [each for each in slack.slack.workspace.timeline.ephemeral if "mat" in each.shown])
    slack.settled()
    assert "Only visible to you" in visitor.reads("channel")
    assert "under the mat" in visitor.reads("channel")
    ben = visitor.open(visitor.place.replace(slack.ana.id, slack.ben.id))
    assert "under the mat" not in ben.reads("channel")
    visitor.open(visitor.place.replace(slack.ben.id, slack.ana.id))
    assert visitor.press("Share with the channel", "channel").status_code == 303
    slack.until(lambda: [each for each in slack.ben.sees(slack.general) if each.bot_id])


def test_a_direct_message_and_the_home_tab_are_answered(slack: Bench, visitor: Visitor) -> None:
    visitor.follow("Direct messages").write("where is the doorkey?")
    question = slack.until(lambda: slack.ana.sees(slack.ana.direct()))[0]
    slack.answer_to(question)
    visitor.follow("Home")
    slack.until(lambda: slack.ana.home)
    assert "where is the doorkey?" in visitor.reads("channel")
    assert visitor.press("Forget me", "channel").status_code == 303
    slack.slack.settle()
    assert "where is the doorkey?" not in visitor.reads("channel")


def test_an_admin_sets_a_channel_up(slack: Bench, visitor: Visitor) -> None:
    visitor.follow("Dana")
    assert visitor.write("/ask settings").status_code == 303
    assert "When do I answer?" in visitor.reads("modal")
    filled = {"listening": "questions", "reply_to": "thread", "persona": "A lighthouse keeper"}
    assert visitor.press("Save", "modal", **filled, experts="nobody").json() == {
        "experts": "Write the ID of a channel (C…) or of a user group (S…)."
    }
    assert visitor.press("Save", "modal", **filled).status_code == 303
    kept = slack.books.channels.of(
        Address(platform="slack", workspace=slack.slack.workspace.id, channel=slack.general.id)
    )
    assert kept.listening is Listening.QUESTIONS
