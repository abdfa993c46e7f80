"""The details of a reply: the age of its sources, and questions to go on with."""

import datetime as dt

from bot.platforms.slack.render import SlackRender
from bot.simulators.slack.entities import shown_texts
from bot.simulators.slack.state.messages import Message
from core.messages import Answer, Citation, Outcome
from tests.bot.platforms.slack.bench import Bench, labels

MENTION = "@candor where is the doorkey?"


def test_a_source_says_how_old_it_is() -> None:
    day = (dt.datetime.now(dt.UTC) - dt.timedelta(days=3)).date().isoformat()
    citations = (
        Citation(n=1, title="Keys", source="https://docs.example/keys", quote="q", date=day),
        Citation(n=2, title="Mats", source="/mats.md", quote="q", document_id="mats.md"),
    )
    answer = Answer(outcome=Outcome.ANSWERED, text="Under the mat. [1] [2]", citations=citations)
    payload = SlackRender().answer(answer, "01M7XEVQAZP07KGS5A50JFHDVP")
    footer = payload["footer"]
    assert isinstance(footer, list)
    sources = next(block for block in footer if isinstance(block, dict) and block["type"] == "rich_text")
    shown = "".join(shown_texts([sources]))
    assert "Keys" in shown
    assert "(docs.example) · 3 days ago" in shown
    assert shown.count("ago") == 1


def suggested(slack: Bench, *questions: str) -> Message:
    """An answer with these questions to go on with."""
    slack.suggestions.questions = questions
    reply = slack.answer_to(slack.ana.say(slack.general, MENTION))
    slack.suggestions.questions = ()
    return reply


def test_suggested_follow_ups_are_buttons_and_a_press_asks_one(slack: Bench) -> None:
    reply = suggested(slack, "Who has the second key?", "Where is the mat?")
    assert labels(reply)[-2:] == ["Who has the second key?", "Where is the mat?"]
    slack.model.text = "The doorkey lies in the shed. [1]"
    assert slack.ben.press(reply, "follow_up_1").acknowledged
    root = slack.slack.workspace.timeline.find(slack.general.id, reply.thread)
    answer = slack.answer_to(root, "in the shed")
    assert answer.thread == reply.thread
    newest = slack.settled()[0]
    assert (newest.question.text, newest.question.asker.id) == ("Where is the mat?", slack.ben.id)
    # Nobody saw it typed, so it stands above its answer.
    asked = slack.slack.workspace.timeline.replies(slack.general.id, reply.thread)[-2]
    assert "ben asked:" in asked.shown
    assert "Where is the mat?" in asked.shown


def test_a_follow_up_that_two_people_press_is_asked_once(slack: Bench) -> None:
    reply = suggested(slack, "Who has the second key?")
    slack.ben.press(reply, "follow_up_0")
    slack.ana.press(reply, "follow_up_0")
    assert len(slack.settled()) == 2


def test_a_follow_up_to_a_private_answer_is_answered_in_private(slack: Bench) -> None:
    slack.suggestions.questions = ("Who has the second key?",)
    slack.ana.command(slack.general, "/ask", "where is the doorkey?")
    alone = slack.slack.workspace.timeline.ephemeral
    (first,) = slack.until(lambda: [each for each in alone if "under the mat" in each.shown])
    slack.settled()
    slack.model.text = "The doorkey lies in the shed. [1]"
    slack.ana.press(first, "follow_up_0")
    (second,) = slack.until(lambda: [each for each in alone if "in the shed" in each.shown])
    assert second.visible_to == slack.ana.id
    assert slack.slack.workspace.timeline.roots(slack.general.id) == []


def test_a_long_follow_up_is_cut_on_its_button_and_asked_in_full() -> None:
    question = f"Where is {'the very ' * 10}old key?"
    answer = Answer(outcome=Outcome.ANSWERED, text="There.", follow_ups=(question,))
    footer = SlackRender().answer(answer, "01M7XEVQAZP07KGS5A50JFHDVP")["footer"]
    assert isinstance(footer, list)
    assert len("".join(shown_texts([footer[-1]]))) <= 75
