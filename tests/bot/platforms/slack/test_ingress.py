"""What Candor hears in Slack, once, whatever way it comes."""

import pytest

from bot.simulators.slack.state.channels import Channel
from tests.bot.platforms.slack.bench import Bench

MENTION = "@candor where is the doorkey?"


def questions(bench: Bench) -> list[str]:
    assert bench.slack.settle()
    return [turn.question.text for turn in reversed(bench.turns.recent(1000))]


def test_a_mention_is_one_question_though_it_comes_as_two_events(idle: Bench) -> None:
    idle.ana.say(idle.general, MENTION)
    assert questions(idle) == ["where is the doorkey?"]
    assert len({receipt.event_id for receipt in idle.slack.receipts}) == 2
    assert all(receipt.acknowledged for receipt in idle.slack.receipts)


def test_eleven_event_ids_of_one_message_are_one_question(idle: Bench) -> None:
    message = idle.ana.say(idle.general, MENTION)
    idle.slack.workspace.copies(message, 11)
    assert questions(idle) == ["where is the doorkey?"]
    assert len(idle.queue.jobs) == 1


def test_a_replayed_event_is_no_new_question(idle: Bench) -> None:
    idle.ana.say(idle.general, MENTION)
    assert idle.slack.settle()
    for receipt in list(idle.slack.receipts):
        idle.slack.replay(receipt)
    assert questions(idle) == ["where is the doorkey?"]


def test_a_direct_message_is_a_question_and_its_thread_is_its_own(idle: Bench) -> None:
    message = idle.ana.say(idle.ana.direct(), "where is the doorkey?")
    assert questions(idle) == ["where is the doorkey?"]
    (turn,) = idle.turns.recent()
    assert (turn.question.address.thread, turn.question.key.message) == (message.ts, message.ts)
    assert turn.question.key.workspace == idle.slack.workspace.id
    assert turn.question.audience.groups == ("everyone",)


def test_talk_in_a_channel_is_none_of_its_business(idle: Bench) -> None:
    root = idle.ana.say(idle.general, "lunch?")
    idle.ben.say(idle.general, "yes", thread=root)
    assert questions(idle) == []


def test_a_thread_that_it_is_in_is_followed_without_a_mention(idle: Bench) -> None:
    root = idle.ana.say(idle.general, MENTION)
    assert len(questions(idle)) == 1
    idle.ben.say(idle.general, "and the spare one?", thread=root)
    assert questions(idle) == ["where is the doorkey?", "and the spare one?"]
    assert {turn.question.address.thread for turn in idle.turns.recent()} == {root.ts}


def test_what_is_said_to_somebody_else_in_the_thread_is_not_a_question(idle: Bench) -> None:
    root = idle.ana.say(idle.general, MENTION)
    assert len(questions(idle)) == 1
    idle.ben.say(idle.general, "@ana did you look in the shed?", thread=root)
    assert len(questions(idle)) == 1


def test_a_thread_in_which_it_was_stopped_is_followed_no_more(idle: Bench) -> None:
    root = idle.ana.say(idle.general, MENTION)
    assert len(questions(idle)) == 1
    idle.ana.stop(root)
    assert idle.slack.settle()
    idle.ben.say(idle.general, "and the spare one?", thread=root)
    assert len(questions(idle)) == 1
    assert [turn.state for turn in idle.turns.recent()] == ["withdrawn"]


def test_other_bots_are_not_answered(idle: Bench) -> None:
    robot = idle.slack.person("Robot", is_bot=True)
    robot.join(idle.general)
    robot.say(idle.general, MENTION)
    assert questions(idle) == []


@pytest.mark.parametrize("subtype", ["thread_broadcast", "me_message", "file_share"])
def test_what_a_person_writes_counts_whatever_its_subtype(idle: Bench, subtype: str) -> None:
    root = idle.ana.say(idle.general, MENTION)
    assert len(questions(idle)) == 1
    files = {"key.txt": b"brass"} if subtype == "file_share" else None
    idle.ana.say(
        idle.general,
        "and this one?",
        thread=root,
        files=files,
        broadcast=subtype == "thread_broadcast",
        subtype="me_message" if subtype == "me_message" else "",
    )
    assert questions(idle)[-1] == "and this one?"


def test_what_people_type_arrives_as_they_meant_it(idle: Bench) -> None:
    idle.ana.say(idle.general, "@candor is a < b & c > d at https://example.com/x ?")
    assert questions(idle) == ["is a < b & c > d at https://example.com/x ?"]


def test_an_edit_of_the_words_is_asked_anew_and_an_unfurl_is_not(idle: Bench) -> None:
    message = idle.ana.say(idle.general, MENTION)
    assert len(questions(idle)) == 1
    idle.slack.workspace.preview(message, [{"from_url": "https://example.com", "text": "preview"}])
    assert len(questions(idle)) == 1
    idle.ana.edit(message, "@candor where is the spare key?")
    assert questions(idle) == ["where is the doorkey?", "where is the spare key?"]
    newest, oldest = idle.turns.recent()
    assert oldest.state == "withdrawn"
    assert newest.question.key.version > 0
    assert newest.question.key.message == oldest.question.key.message


def test_a_deleted_question_is_withdrawn(idle: Bench) -> None:
    message = idle.ana.say(idle.general, MENTION)
    assert len(questions(idle)) == 1
    idle.ana.delete(message)
    assert idle.slack.settle()
    assert [turn.state for turn in idle.turns.recent()] == ["withdrawn"]


def test_nothing_that_slack_sends_is_left_unacknowledged(idle: Bench) -> None:
    cyd = idle.slack.person("Cyd")
    cyd.join(idle.general)
    idle.ana.open_home("messages")
    idle.ana.open_home("home")
    message = idle.ana.say(idle.general, "hello")
    idle.ana.react(message, "tada")
    idle.ana.unreact(message, "tada")
    assert idle.slack.settle()
    assert idle.slack.receipts
    assert [receipt.reason for receipt in idle.slack.receipts if not receipt.acknowledged] == []


def test_a_question_that_could_not_be_written_down_is_taken_when_slack_sends_it_again(
    idle: Bench,
) -> None:
    direct: Channel = idle.ana.direct()
    broken = idle.intake._turns
    idle.intake._turns = None  # type: ignore[assignment]  # as good as a ledger that is down
    idle.ana.say(direct, "where is the doorkey?")
    assert idle.slack.settle()
    assert not idle.slack.receipts[-1].acknowledged
    idle.intake._turns = broken
    idle.slack.clock.advance(400)
    idle.until_acknowledged()
    assert questions(idle) == ["where is the doorkey?"]


def test_a_burst_of_events_is_all_acknowledged_in_time(idle: Bench) -> None:
    direct = idle.ana.direct()
    for number in range(200):
        idle.ana.say(direct, f"question {number}")
    assert idle.slack.settle(60)
    assert len(questions(idle)) == 200
    assert max(receipt.seconds for receipt in idle.slack.receipts) < 3


def test_socket_mode_hears_and_answers_the_same(socketed: Bench) -> None:
    message = socketed.ana.say(socketed.general, MENTION)
    reply = socketed.answer_to(message)
    assert socketed.ana.press(reply, "feedback", f"up:{socketed.turns.recent()[0].id}").acknowledged
    assert len(socketed.feedback.of(socketed.turns.recent()[0].id)) == 1
    assert len(socketed.replies(message)) == 1


def test_a_socket_that_slack_renews_repeats_no_answer(socketed: Bench) -> None:
    message = socketed.ana.say(socketed.general, MENTION)
    socketed.answer_to(message)
    for receipt in list(socketed.slack.receipts):
        socketed.slack.replay(receipt)
    assert socketed.slack.settle()
    assert len(socketed.replies(message)) == 1
    assert len(socketed.turns.recent()) == 1
