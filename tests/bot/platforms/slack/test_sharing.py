"""A private answer for the whole channel: asked anew, for that audience, and not repeated as it stands."""

from bot.sharing import YOURS_ALONE
from bot.simulators.slack.state.messages import Message
from core.messages import EVERYONE, Audience, Outcome
from tests.bot.platforms.slack.bench import Bench, labels

QUESTION = "where is the doorkey?"


def private(slack: Bench, words: str = "under the mat") -> Message:
    """Ana's answer to a command, once it is there."""
    slack.ana.command(slack.general, "/ask", QUESTION)
    alone = slack.slack.workspace.timeline.ephemeral
    (found,) = slack.until(lambda: [each for each in alone if words in each.shown])
    slack.settled()
    made: Message = found
    return made


def shared(slack: Bench, words: str) -> Message:
    """What stands in the channel in the end: the question, with its answer in the thread."""
    (root,) = slack.until(lambda: slack.slack.workspace.timeline.roots(slack.general.id))
    assert QUESTION in root.shown
    reply: Message = slack.answer_to(root, words)
    return reply


def test_the_whole_channel_gets_an_answer_of_its_own(slack: Bench) -> None:
    answer = private(slack)
    assert "Share with the channel" in labels(answer)
    slack.model.text = "The doorkey lies in the shed. [1]"
    assert slack.ana.press(answer, "share").acknowledged
    reply = shared(slack, "in the shed")
    assert "under the mat" not in reply.shown.replace("The doorkey lies under the mat.", "", 1)
    newest, first = slack.settled()
    assert newest.question.retry_of == first.id
    assert newest.state == Outcome.ANSWERED
    assert "Share with the channel" not in labels(reply)


def test_it_is_answered_for_the_channels_audience_and_not_for_the_askers(slack: Bench) -> None:
    answer = private(slack)
    first = slack.turns.recent()[0]
    wide = first.question.model_copy(update={"audience": Audience(groups=(EVERYONE, "board"))})
    again = wide.model_copy(update={"key": wide.key.model_copy(update={"message": "m2"})})
    turn_id, _ = slack.turns.insert(again)
    slack.answering.run(turn_id)
    for block in answer.blocks:
        for element in block.get("elements", ()):
            if element.get("action_id") == "share":
                element["value"] = turn_id
    slack.ana.press(answer, "share")
    shared(slack, "under the mat")
    newest = slack.settled()[0]
    assert newest.question.retry_of == turn_id
    assert newest.question.audience == Audience()


def test_shared_twice_it_is_said_once(slack: Bench) -> None:
    answer = private(slack)
    slack.ana.press(answer, "share")
    slack.ana.press(answer, "share")
    shared(slack, "under the mat")
    slack.slack.settle()
    assert len(slack.settled()) == 2
    assert len(slack.slack.workspace.timeline.roots(slack.general.id)) == 1


def test_a_thread_that_sharing_began_is_followed(slack: Bench) -> None:
    slack.ana.press(private(slack), "share")
    reply = shared(slack, "under the mat")
    slack.ana.say(slack.general, "and who has the second one?", thread=reply)
    slack.until(lambda: len(slack.replies(reply)) == 3)
    assert len(slack.settled()) == 3


def test_an_attempt_that_died_after_the_question_goes_on_below_it(slack: Bench) -> None:
    answer = private(slack)
    run, slack.queue.run = slack.queue.run, None
    slack.ana.press(answer, "share")
    slack.slack.settle()
    turn = slack.turns.recent()[0]
    slack.answering.speakers["slack"].egress._introduce(turn.question, turn.id)  # type: ignore[attr-defined]
    slack.queue.run = run
    shared(slack, "under the mat")
    assert len(slack.slack.workspace.timeline.roots(slack.general.id)) == 1


def test_where_candor_is_no_member_the_asker_is_told_alone(slack: Bench) -> None:
    closed = slack.slack.workspace.channel("closed", slack.ana.user, with_bot=False)
    slack.ana.command(closed, "/ask", QUESTION)
    alone = slack.slack.workspace.timeline.ephemeral
    (answer,) = slack.until(lambda: [each for each in alone if "under the mat" in each.shown])
    slack.settled()
    slack.ana.press(answer, "share")
    direct = slack.ana.direct()
    slack.until(lambda: any("Invite me" in each.shown for each in slack.ana.sees(direct)))


def test_a_summary_of_another_channel_stays_with_its_asker(slack: Bench) -> None:
    board = slack.slack.workspace.channel("board", slack.ana.user)
    slack.ana.say(board, "We meet on Tuesday.")
    slack.model.text = "- We meet on Tuesday. [1]"
    slack.ana.command(slack.general, "/ask", "summarise #board since yesterday")
    alone = slack.slack.workspace.timeline.ephemeral
    (summary,) = slack.until(lambda: [each for each in alone if "Summary of" in each.shown])
    slack.settled()
    slack.ana.press(summary, "share")
    slack.slack.settle()
    assert any(YOURS_ALONE in each.shown for each in alone)
    assert len(slack.settled()) == 1
