"""The one visible reply: streamed, edited, split, adopted, taken back."""

from pathlib import Path

import pytest

from bot.live_reply import LiveReply
from bot.outgoing import Json, Payload
from bot.platforms.slack.render import NOTICE
from core.errors import LostClaim
from core.messages import Outcome
from ledger.turns import Claim
from tests.bot.platforms.slack.bench import KEY, LONG, PARTS, Bench, bench, labels

MENTION = "@candor where is the doorkey?"


def test_a_mention_is_answered_in_its_thread_with_sources_notice_and_buttons(slack: Bench) -> None:
    message = slack.ana.say(slack.general, MENTION)
    reply = slack.answer_to(message)
    assert len(slack.replies(message)) == 1
    assert "The doorkey lies under the mat." in reply.shown
    assert NOTICE in reply.shown
    assert "[1] " in reply.shown
    assert "context_actions" in [block["type"] for block in reply.blocks]
    assert labels(reply) == ["Try again"]
    assert slack.settled()[0].state == Outcome.ANSWERED
    assert slack.ana.status(slack.general, message) == ""


def test_it_streams_with_its_recipient_in_a_channel(slack: Bench) -> None:
    slack.answer_to(slack.ana.say(slack.general, MENTION))
    (start,) = slack.bodies("chat.startStream")
    assert start["recipient_user_id"] == slack.ana.id
    assert start["recipient_team_id"] == slack.slack.workspace.id
    assert slack.bodies("chat.postMessage", "chat.update") == []


def test_the_first_words_are_there_before_the_last(slack: Bench) -> None:
    slack.model.text = f"{KEY}\n\nThe mat lies before the door. [1]"
    slack.model.may_end.clear()
    message = slack.ana.say(slack.general, MENTION)
    slack.until(lambda: any("under the mat" in each.streamed for each in slack.replies(message)))
    slack.model.may_end.set()
    reply = slack.answer_to(message)
    assert len(slack.bodies("chat.appendStream")) >= 1
    assert reply.streaming == "completed"


def test_a_status_is_the_first_thing_that_is_sent(slack: Bench) -> None:
    slack.answer_to(slack.ana.say(slack.general, MENTION))
    sent = [r.method for r in slack.slack.requests if r.method not in ("auth.test", "apps.connections.open")]
    assert sent[0] == "assistant.threads.setStatus"


def test_where_streams_are_refused_one_message_is_edited(slack: Bench) -> None:
    slack.slack.limits.refuse("chat.startStream", times=99)
    message = slack.ana.say(slack.general, MENTION)
    reply = slack.answer_to(message)
    assert len(slack.replies(message)) == 1
    assert NOTICE in reply.shown
    (post,) = slack.bodies("chat.postMessage")
    assert post["unfurl_links"] is False
    assert post["unfurl_media"] is False
    assert post["metadata"]["event_payload"]["turn_id"] == slack.turns.recent()[0].id
    assert slack.bodies("chat.update")


def test_a_stream_that_slack_ended_is_finished_by_an_edit(slack: Bench) -> None:
    slack.model.text = f"{KEY}\n\nThe mat lies before the door. [1]"
    slack.model.may_end.clear()
    message = slack.ana.say(slack.general, MENTION)
    slack.until(lambda: any("under the mat" in each.streamed for each in slack.replies(message)))
    slack.slack.clock.advance(600)
    slack.model.may_end.set()
    reply = slack.answer_to(message, "before the door")
    assert "under the mat" in reply.shown
    assert len(slack.replies(message)) == 1


def test_a_second_attempt_finds_the_stream_that_the_ledger_never_heard_of(tmp_path: Path) -> None:
    with bench(tmp_path, working=False, lease=0.0) as idle:
        speaker = idle.answering.speakers["slack"]
        message = idle.ana.say(idle.general, MENTION)
        idle.slack.settle()
        claim = claimed(idle)
        speaker.egress.post(claim.question, claim.turn_id, speaker.render.status("Looking", claim.turn_id))
        idle.answering.run(claim.turn_id)
        reply = idle.answer_to(message)
        assert len(idle.replies(message)) == 1
        assert reply.metadata is not None


def test_a_second_attempt_finds_a_placeholder_by_its_metadata(tmp_path: Path) -> None:
    with bench(tmp_path, working=False, lease=0.0) as idle:
        speaker = idle.answering.speakers["slack"]
        message = idle.ana.say(idle.general, MENTION)
        idle.slack.settle()
        idle.slack.limits.refuse("chat.startStream", times=99)
        claim = claimed(idle)
        speaker.egress.post(claim.question, claim.turn_id, speaker.render.status("Looking", claim.turn_id))
        idle.answering.run(claim.turn_id)
        idle.answer_to(message)
        assert len(idle.replies(message)) == 1


def claimed(idle: Bench) -> Claim:
    claim = idle.turns.claim(idle.turns.recent()[0].id, "dead")
    assert claim is not None
    return claim


def test_a_reply_that_somebody_deleted_is_said_again(slack: Bench) -> None:
    slack.slack.limits.refuse("chat.startStream", times=99)
    slack.model.may_end.clear()
    message = slack.ana.say(slack.general, MENTION)
    assert slack.model.began.wait(10)
    slack.slack.workspace.remove(slack.replies(message)[0])
    slack.model.may_end.set()
    slack.answer_to(message)
    assert len(slack.replies(message)) == 1


def test_a_retry_after_delays_the_answer_and_does_not_lose_it(slack: Bench) -> None:
    slack.slack.limits.refuse("chat.startStream", times=99)
    slack.slack.limits.refuse("chat.postMessage", times=6, retry_after=1)
    slack.answering.turns._max_attempts = 2
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message)
    assert len(slack.replies(message)) == 1


def test_a_channel_where_it_may_not_speak_is_told_to_the_asker_alone_and_once(idle: Bench) -> None:
    idle.ana.say(idle.general, MENTION)
    assert idle.slack.settle()
    idle.slack.workspace.leave(idle.general, idle.slack.workspace.bot)
    turn = idle.turns.recent()[0]
    idle.answering.run(turn.id)
    told = [each for each in idle.ana.sees(idle.ana.direct()) if each.user == idle.slack.workspace.bot.id]
    assert ["Invite me" in each.shown for each in told] == [True]
    assert idle.turns.recent()[0].state == Outcome.FAILED


def test_a_revoked_token_ends_the_turn_and_is_not_tried_again(idle: Bench) -> None:
    idle.ana.say(idle.general, MENTION)
    assert idle.slack.settle()
    idle.slack.revoke(idle.slack.workspace)
    idle.answering.run(idle.turns.recent()[0].id)
    turn = idle.turns.recent()[0]
    assert (turn.state, turn.attempt) == (Outcome.FAILED, 1)
    assert "CANDOR_SLACK_BOT_TOKEN" in turn.error


def test_a_long_answer_is_split_and_keeps_its_sources_at_the_end(slack: Bench) -> None:
    slack.model.text = LONG
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message, NOTICE)
    replies = slack.replies(message)
    assert len(replies) > 1
    assert [NOTICE in reply.shown for reply in replies] == [False] * (len(replies) - 1) + [True]
    shown = "\n".join(reply.shown for reply in replies)
    assert [name for name in PARTS if f"{name}: word" not in shown] == []


def test_an_answer_of_more_blocks_than_slack_takes_is_split(slack: Bench) -> None:
    slack.slack.limits.refuse("chat.startStream", times=99)
    slack.model.text = "The doorkey lies under the mat. [1]\n\n" + "\n\n".join(
        f"## Heading {name}\n\n---\n\nThe doorkey lies under the mat. [1]" for name in PARTS[:40]
    )
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message, f"Heading {PARTS[39]}")


def test_blocks_that_slack_refuses_cost_the_form_and_not_the_answer(idle: Bench) -> None:
    message = idle.ana.say(idle.general, MENTION)
    assert idle.slack.settle()
    claim, speaker = claimed(idle), idle.answering.speakers["slack"]
    status = speaker.render.status("Looking", claim.turn_id)
    place = speaker.egress.post(claim.question, claim.turn_id, status)
    parts: list[Json] = [{"text": "under the mat", "blocks": [{"type": "hologram"}]}]
    payload: Payload = {"turn_id": claim.turn_id, "final": "other", "parts": parts, "footer": parts}
    speaker.egress.update(place, payload)
    (reply,) = idle.replies(message)
    assert reply.text == "under the mat"
    assert reply.blocks == []


def test_an_edited_question_is_answered_in_the_same_message(slack: Bench) -> None:
    message = slack.ana.say(slack.general, MENTION)
    first = slack.answer_to(message)
    slack.model.text = "The doorkey lies in the shed. [1]"
    slack.ana.edit(message, "@candor where is the doorkey now?")
    second = slack.answer_to(message, "in the shed")
    assert second.ts == first.ts
    assert "under the mat" not in second.shown
    assert len(slack.replies(message)) == 1


def test_a_deleted_question_takes_its_answer_along(slack: Bench) -> None:
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message)
    slack.ana.delete(message)
    slack.until(lambda: not slack.slack.workspace.timeline.replies(slack.general.id, message.ts))


def test_a_question_deleted_while_it_is_answered_leaves_nothing(slack: Bench) -> None:
    slack.model.may_end.clear()
    message = slack.ana.say(slack.general, MENTION)
    assert slack.model.began.wait(10)
    slack.ana.delete(message)
    slack.until(lambda: not slack.slack.workspace.timeline.replies(slack.general.id, message.ts))
    slack.model.may_end.set()
    assert slack.settled()[0].state == Outcome.WITHDRAWN
    slack.slack.settle()
    assert slack.slack.workspace.timeline.replies(slack.general.id, message.ts) == []


def test_a_placeholder_posted_after_the_withdrawal_is_taken_away(idle: Bench) -> None:
    message = idle.ana.say(idle.general, MENTION)
    assert idle.slack.settle()
    claim = claimed(idle)
    idle.turns.withdraw(claim.turn_id)
    with pytest.raises(LostClaim):
        LiveReply(claim, idle.turns, idle.answering.speakers["slack"])
    assert idle.replies(message) == []


def test_stop_ends_the_work_and_says_so(slack: Bench) -> None:
    slack.model.may_end.clear()
    message = slack.ana.say(slack.general, MENTION)
    assert slack.model.began.wait(10)
    slack.ana.stop(message)
    reply = slack.until(
        lambda: next((each for each in slack.replies(message) if "Stopped" in each.shown), None)
    )
    slack.model.may_end.set()
    assert slack.settled()[0].state == Outcome.WITHDRAWN
    assert "under the mat" not in reply.shown
    slack.until(lambda: slack.ana.status(slack.general, message) == "")


def test_the_stop_button_is_the_askers(slack: Bench) -> None:
    slack.slack.limits.refuse("chat.startStream", times=99)
    slack.model.may_end.clear()
    message = slack.ana.say(slack.general, MENTION)
    assert slack.model.began.wait(10)
    reply = slack.replies(message)[0]
    assert slack.ben.press(reply, "stop").acknowledged
    assert slack.turns.backlog() == 1
    assert slack.ana.press(reply, "stop").acknowledged
    slack.until(lambda: "Stopped" in slack.replies(message)[0].shown)
    slack.model.may_end.set()
    assert slack.settled()[0].state == Outcome.WITHDRAWN


def test_nothing_that_the_model_writes_pings_or_hides_a_link(slack: Bench) -> None:
    evil = "Ask <!channel> or <@U123> at [the wiki](https://evil.example/x) under the mat. [1]"
    for streams in (True, False):
        if not streams:
            slack.slack.limits.refuse("chat.startStream", times=99)
        slack.model.text = evil
        message = slack.ana.say(slack.general, MENTION)
        reply = slack.answer_to(message)
        assert reply.pings == frozenset()
        assert "the wiki (link removed: evil[.]example)" in reply.shown
