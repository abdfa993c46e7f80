"""Summaries of what people wrote: a thread, a channel since a time, and for nobody who may not read it."""

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.platforms.slack.source import SlackChannels
from bot.simulators.slack import Person
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message
from core.completions import ModelRole, Models
from core.messages import Outcome, Question, Task
from tests.bot.platforms.slack.bench import KEY, Bench
from workers.answering.budget import AnsweringSettings
from workers.models.extractive import Extractive

PLAN = "The release moves to Monday because the database is not ready yet."
REVIEW = "Then somebody has to tell the customers about the release before Friday."


def talk(slack: Bench) -> tuple[Message, list[Message]]:
    """A thread in which two people speak, and a bot."""
    root = slack.ana.say(slack.general, PLAN)
    bot = slack.slack.person("Robot", is_bot=True)
    slack.slack.workspace.join(slack.general, bot.user)
    said = [
        slack.ben.say(slack.general, REVIEW, thread=root),
        bot.say(slack.general, "Build 4711 of the release is green and ready to be deployed.", thread=root),
        slack.ana.say(slack.general, "I will write to all the customers tomorrow.", thread=root),
    ]
    return root, said


def rewire(slack: Bench, **parts: Any) -> None:
    """Have the worker answer with other parts."""
    process = replace(slack.answering.process, **parts)
    slack.answering = replace(slack.answering, process=process)
    slack.queue.run = slack.answering.run


def permalink(slack: Bench, message: Message) -> str:
    link = f"https://{slack.slack.workspace.domain}.slack.com/archives/{message.channel}/p"
    link += message.ts.replace(".", "")
    return link + f"?thread_ts={message.thread}&cid={message.channel}" if message.is_reply else link


def private(slack: Bench, who: Person, words: str = "Summary of") -> Message:
    """What somebody alone was told, with these words in it."""

    def told() -> list[Message]:
        every = list(slack.slack.workspace.timeline.ephemeral)
        return [each for each in every if each.visible_to == who.id and words in each.shown]

    found: list[Message] = slack.until(told)
    slack.settled()
    return found[-1]


def public(slack: Bench, channel: Channel) -> list[Message]:
    bot = slack.slack.workspace.bot.id
    return [each for each in slack.slack.workspace.timeline.messages(channel.id) if each.user == bot]


def test_a_thread_is_summarised_from_what_people_wrote_each_line_with_its_message(slack: Bench) -> None:
    root, (review, _, promise) = talk(slack)
    slack.model.text = "- The release moves to Monday. [1]\n- Ana writes to the customers. [3]"
    assert slack.ben.shortcut("summarise_thread", review).acknowledged
    shown = private(slack, slack.ben).shown
    assert "Summary of this thread:" in shown
    assert permalink(slack, root) in shown
    assert permalink(slack, promise) in shown
    told = slack.model.told()
    assert f"ana: {PLAN}" in told
    assert f"ben: {REVIEW}" in told
    assert "Build 4711" not in told
    turn = slack.settled()[0]
    assert turn.answer is not None
    quotes = [each.quote for each in turn.answer.citations]
    assert quotes == [f"ana: {PLAN}", "ana: I will write to all the customers tomorrow."]


def test_the_addresses_are_those_that_slack_itself_gives(slack: Bench) -> None:
    root, said = talk(slack)
    channels = slack.answering.process.channels["slack"]
    assert isinstance(channels, SlackChannels)
    for message in (root, said[0]):
        asked = channels.calls.read("chat.getPermalink", channel=message.channel, message_ts=message.ts)
        assert asked["permalink"] == permalink(slack, message)


def test_deleted_messages_are_not_in_it(slack: Bench) -> None:
    root, (review, _, _) = talk(slack)
    slack.ben.delete(review)
    slack.ana.delete(root)
    slack.model.text = "- Ana writes to the customers. [1]"
    slack.ben.shortcut("summarise_thread", root)
    private(slack, slack.ben)
    told = slack.model.told()
    assert PLAN not in told
    assert REVIEW not in told
    assert "This message was deleted" not in told


def test_it_can_be_asked_for_in_the_thread_itself(slack: Bench) -> None:
    root, _ = talk(slack)
    slack.model.text = "- The release moves to Monday. [1]"
    asked = slack.ben.say(slack.general, "@candor summarise this thread", thread=root)
    slack.answer_to(asked, "Summary of this thread:")
    assert "summarise this thread" not in slack.model.told()


def test_it_works_without_a_language_model(slack: Bench) -> None:
    rewire(slack, models=Models({ModelRole.STRONG: Extractive(None)}))
    root, (_, _, promise) = talk(slack)
    slack.ben.shortcut("summarise_thread", root)
    shown = private(slack, slack.ben).shown
    assert "ana: The release moves to Monday because the database is not ready yet. [1]" in shown
    assert permalink(slack, root) in shown or permalink(slack, promise) in shown


def test_a_channel_is_summarised_since_a_time_for_the_asker_alone(slack: Bench) -> None:
    party = "This is an old message about the summer party."
    old = Message(slack.general.id, "1700000000.000100", slack.ana.id, slack.slack.workspace.id, party)
    slack.slack.workspace.timeline.add(old)
    _, (review, _, _) = talk(slack)
    lobby = slack.slack.workspace.channel("lobby", slack.ben.user)
    slack.model.text = "- The release moves to Monday. [1]\n- Somebody tells the customers. [2]"
    slack.ben.say(lobby, "@candor summarise #general since today")
    shown = private(slack, slack.ben).shown
    assert re.search(r"Summary of #general since \w+day, \d{4}-\d\d-\d\d 00:00:", shown)
    assert permalink(slack, review) in shown
    assert party not in slack.model.told()
    assert public(slack, lobby) == public(slack, slack.general) == []
    assert slack.settled()[0].question.task is Task.SUMMARIZE


def test_the_command_summarises_a_channel(slack: Bench) -> None:
    talk(slack)
    slack.model.text = "- The release moves to Monday. [1]"
    direct = slack.ben.direct()
    slack.ben.command(direct, "/ask", f"summarise <#{slack.general.id}|general> since today")
    slack.until(slack.turns.recent)
    assert slack.settled()[0].state == Outcome.ANSWERED


def test_what_somebody_missed_is_what_came_after_their_own_last_message(slack: Bench) -> None:
    slack.ana.say(slack.general, "The summer party will be in the garden of the museum.")
    slack.ben.say(slack.general, "I will not be here for a while, see you all next month.")
    slack.ana.say(slack.general, PLAN)
    slack.model.text = "- The release moves to Monday. [1]"
    slack.ben.say(slack.general, "@candor what did I miss?")
    private(slack, slack.ben, "The release moves")
    told = slack.model.told()
    assert PLAN in told
    assert "museum" not in told
    assert "what did I miss" not in told


@pytest.mark.parametrize("words", ["summarise #board since today", "what did I miss in #board"])
def test_nobody_gets_a_summary_of_a_channel_that_they_are_not_in(slack: Bench, words: str) -> None:
    board = slack.slack.workspace.channel("board", slack.ana.user, private=True)
    slack.ana.say(board, "The salaries will be cut in half.")
    slack.ben.command(slack.general, "/ask", words)
    private(slack, slack.ben, "You are not in that channel")
    assert slack.model.requests == []
    assert slack.settled()[0].state == Outcome.REFUSED


def test_a_summary_of_another_channel_is_never_said_to_a_channel(slack: Bench) -> None:
    board = slack.slack.workspace.channel("board", slack.ana.user, private=True)
    slack.ana.say(board, "The salaries will be cut in half.")
    slack.model.text = "- The salaries are cut. [1]"
    slack.ana.command(slack.general, "/ask", "summarise #board since today")
    private(slack, slack.ana)
    asked = slack.settled()[0].question
    place = asked.address.model_copy(update={"handle": "", "thread": ""})
    shared = asked.model_copy(update={"address": place})
    transcript = slack.answering.process.channels["slack"].transcript(shared, 100)
    assert transcript.said == ()
    assert "only for you alone" in transcript.refusal


def test_a_channel_that_candor_is_not_in_is_said_to_be_unknown(slack: Bench) -> None:
    slack.slack.workspace.channel("closed", slack.ana.user, with_bot=False)
    slack.ana.command(slack.general, "/ask", "summarise #closed since today")
    private(slack, slack.ana, "I know no channel of that name that I am in.")


def test_a_direct_message_is_asked_back_which_channel_is_meant(slack: Bench) -> None:
    message = slack.ana.say(slack.ana.direct(), "what did I miss?")
    slack.answer_to(message, "Which channel do you mean?")


def test_a_conversation_with_candor_alone_is_what_was_asked_and_answered(slack: Bench) -> None:
    message = slack.ana.say(slack.ana.direct(), "where is the doorkey?")
    slack.answer_to(message)
    slack.model.text = f"- {KEY}"
    slack.ana.shortcut("summarise_thread", message)
    shown = private(slack, slack.ana).shown
    assert "Summary of this conversation:" in shown
    assert "The doorkey lies under the mat." in slack.model.told()


def test_a_time_that_is_none_is_asked_for_again(slack: Bench) -> None:
    slack.ana.command(slack.general, "/ask", "summarise #general since the flood")
    private(slack, slack.ana, "I do not understand since when.")


def test_of_a_long_thread_the_newest_are_read_and_the_rest_is_said(slack: Bench) -> None:
    rewire(slack, settings=AnsweringSettings(summary_window_tokens=200, summary_windows=1))
    root = slack.ana.say(slack.general, PLAN)
    last = root
    for n in range(12):
        last = slack.ben.say(slack.general, f"Point {n}: {REVIEW}", thread=root)
    slack.model.text = "- Somebody tells the customers. [1]"
    slack.ana.shortcut("summarise_thread", last)
    shown = private(slack, slack.ana).shown
    assert re.search(r"Left out, since it is too long: the \d+ messages before ben, \d{4}-\d\d-\d\d", shown)
    assert "Point 11" in slack.model.told()
    assert PLAN not in slack.model.told()


def test_a_thread_of_several_pages_is_read_to_its_end(slack: Bench) -> None:
    root = slack.ana.say(slack.general, PLAN)
    for n in range(450):
        slack.ben.say(slack.general, f"Point {n}", thread=root)
    transcript = slack.answering.process.channels["slack"].transcript(_asked(slack, root), 400)
    assert len(transcript.said) == 400
    assert transcript.said[-1].text == "Point 449"
    assert transcript.left_out == "the 51 oldest messages"


def _asked(slack: Bench, root: Message) -> Question:
    slack.model.text = "- The release moves to Monday. [1]"
    slack.ana.shortcut("summarise_thread", root)
    slack.until(slack.turns.recent)
    return slack.settled()[0].question
