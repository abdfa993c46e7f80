"""Thumbs, the reason, try again, the command and the shortcuts."""

import pytest

from bot.platforms.slack.render import NOTICE
from bot.simulators.slack.state.messages import Message
from core.messages import Outcome
from tests.bot.platforms.slack.bench import KEY, LONG, Bench

MENTION = "@candor where is the doorkey?"


def votes(slack: Bench) -> list[tuple[str, int, str]]:
    slack.slack.settle()
    return [(vote.person, vote.value, vote.reason) for vote in slack.feedback.of(slack.turns.recent()[-1].id)]


@pytest.fixture
def reply(slack: Bench) -> Message:
    return slack.answer_to(slack.ana.say(slack.general, MENTION))


def feedback_value(slack: Bench, thumb: str) -> str:
    return f"{thumb}:{slack.turns.recent()[-1].id}"


def test_a_thumb_by_button_counts_once_and_can_change(slack: Bench, reply: Message) -> None:
    for _ in range(2):
        assert slack.ana.press(reply, "feedback", feedback_value(slack, "up")).acknowledged
    assert votes(slack) == [(slack.ana.id, 1, "")]
    assert slack.ana.press(reply, "feedback", feedback_value(slack, "down")).acknowledged
    assert votes(slack) == [(slack.ana.id, -1, "")]


def test_a_thumb_down_asks_why_and_keeps_the_reason(slack: Bench, reply: Message) -> None:
    slack.ana.press(reply, "feedback", feedback_value(slack, "down"))
    assert slack.ana.submit({"reason": "stale", "comment": "It moved."}).acknowledged
    assert slack.ana.modal is None
    assert votes(slack) == [(slack.ana.id, -1, "stale: It moved.")]


def test_reactions_are_thumbs_added_changed_and_removed(slack: Bench, reply: Message) -> None:
    slack.ben.react(reply, "+1")
    assert votes(slack) == [(slack.ben.id, 1, "")]
    slack.ben.react(reply, "-1")
    assert votes(slack) == [(slack.ben.id, -1, "")]
    slack.ben.unreact(reply, "+1")
    assert votes(slack) == [(slack.ben.id, -1, "")]
    slack.ben.unreact(reply, "-1")
    assert votes(slack) == []


def test_a_reaction_on_a_later_part_of_a_long_answer_is_a_thumb(slack: Bench) -> None:
    slack.model.text = LONG
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message, NOTICE)
    last = slack.replies(message)[-1]
    assert last is not slack.replies(message)[0]
    slack.ben.react(last, "+1")
    assert votes(slack) == [(slack.ben.id, 1, "")]
    slack.ben.unreact(last, "+1")
    assert votes(slack) == []


def test_other_reactions_and_other_messages_are_no_thumbs(slack: Bench, reply: Message) -> None:
    slack.ben.react(reply, "tada")
    slack.ben.react(slack.ana.say(slack.general, "hello"), "+1")
    assert votes(slack) == []


def test_a_thumb_for_a_turn_of_another_channel_is_not_counted(slack: Bench, reply: Message) -> None:
    other = slack.slack.workspace.channel("other", slack.ana.user)
    elsewhere = slack.answer_to(slack.ana.say(other, MENTION))
    button = next(block for block in elsewhere.blocks if block["type"] == "context_actions")
    button["elements"][0]["positive_button"]["value"] = feedback_value(slack, "up")
    assert slack.ana.press(elsewhere, "feedback", feedback_value(slack, "up")).acknowledged
    assert votes(slack) == []


def test_try_again_is_a_new_turn_in_the_same_message(slack: Bench, reply: Message) -> None:
    slack.model.text = "The doorkey lies in the shed. [1]"
    assert slack.ben.press(reply, "try_again").acknowledged
    slack.until(lambda: "in the shed" in reply.shown and "Try again" in reply.shown)
    newest, first = slack.settled()
    assert newest.question.retry_of == first.id
    assert newest.question.text == first.question.text
    replies = slack.slack.workspace.timeline.replies(slack.general.id, reply.thread)
    assert [each.ts for each in replies] == [reply.ts]


def private(slack: Bench) -> list[Message]:
    return [each for each in slack.slack.workspace.timeline.ephemeral if "under the mat" in each.shown]


def test_the_command_is_answered_to_the_asker_alone(slack: Bench) -> None:
    receipt = slack.ana.command(slack.general, "/ask", "where is the doorkey?")
    assert receipt.acknowledged
    (answer,) = slack.until(lambda: private(slack))
    assert answer.visible_to == slack.ana.id
    assert slack.settled()[0].state == Outcome.ANSWERED
    assert [each for each in slack.slack.workspace.timeline.messages(slack.general.id) if each.bot_id] == []


def test_the_command_works_where_it_is_no_member(slack: Bench) -> None:
    closed = slack.slack.workspace.channel("closed", slack.ana.user, with_bot=False)
    slack.ana.command(closed, "/ask", "where is the doorkey?")
    slack.until(lambda: private(slack))


def test_an_empty_command_says_how_to_ask(slack: Bench) -> None:
    receipt = slack.ana.command(slack.general, "/ask")
    assert "/ask How do I" in receipt.body["text"]
    assert slack.turns.recent() == []


def test_asking_about_a_message_answers_whoever_asks(slack: Bench) -> None:
    message = slack.ana.say(slack.general, "where is the doorkey?")
    assert slack.ben.shortcut("ask_about_message", message).acknowledged
    (answer,) = slack.until(lambda: private(slack))
    assert answer.visible_to == slack.ben.id
    assert slack.settled()[0].question.text == "where is the doorkey?"


def test_a_thread_is_summarised_for_whoever_asks(slack: Bench, reply: Message) -> None:
    slack.model.text = f"- {KEY}"
    root = slack.slack.workspace.timeline.find(slack.general.id, reply.thread)
    assert slack.ben.shortcut("summarise_thread", root).acknowledged
    (answer,) = slack.until(lambda: [each for each in private(slack) if "Summary of" in each.shown])
    assert answer.visible_to == slack.ben.id
