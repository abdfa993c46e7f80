"""Never silence: a stream, else one message that is edited, else a new one, else its bare words."""

import pytest

from bot.outgoing import Json
from bot.platforms.slack.render import NOTICE
from core.messages import Outcome
from tests.bot.platforms.slack.bench import KEY, Bench

MENTION = "@candor where is the doorkey?"


def refuse(slack: Bench, method: str, code: str) -> None:
    """Have Slack refuse a method from now on, each time with the same error."""
    slack.slack.api.refuse(method, code)


def answered(slack: Bench) -> list[str]:
    """The methods by which a question came to its one answer."""
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message)
    assert slack.settled()[0].state == Outcome.ANSWERED
    shown = [each for each in slack.replies(message) if "under the mat" in each.shown]
    assert len(shown) == 1
    assert NOTICE in shown[0].shown
    assert len(slack.replies(message)) == 1
    return [request.method for request in slack.slack.requests if request.body.get("channel")]


def test_first_it_streams(slack: Bench) -> None:
    methods = answered(slack)
    assert "chat.stopStream" in methods
    assert not {"chat.postMessage", "chat.update"} & set(methods)


def test_without_streams_one_message_is_edited(slack: Bench) -> None:
    refuse(slack, "chat.startStream", "method_not_supported_for_channel_type")
    methods = answered(slack)
    assert methods.count("chat.postMessage") == 1
    assert "chat.update" in methods


def test_a_stream_that_breaks_off_is_edited(slack: Bench) -> None:
    slack.slack.platform.stream_seconds = 0.0
    methods = answered(slack)
    assert "chat.update" in methods
    assert "chat.postMessage" not in methods


def test_a_stream_that_can_be_neither_ended_nor_edited_makes_room_for_a_new_message(slack: Bench) -> None:
    refuse(slack, "chat.stopStream", "fatal_error")
    methods = answered(slack)
    assert methods.count("chat.postMessage") == 1
    assert "chat.delete" in methods


@pytest.mark.parametrize("code", ["cant_update_message", "edit_window_closed", "message_not_found"])
def test_without_streams_and_edits_the_answer_is_a_new_message(slack: Bench, code: str) -> None:
    refuse(slack, "chat.startStream", "method_not_supported_for_channel_type")
    refuse(slack, "chat.update", code)
    message = slack.ana.say(slack.general, MENTION)
    slack.answer_to(message)
    whole = [each for each in slack.replies(message) if NOTICE in each.shown]
    assert len(whole) == 1
    assert slack.settled()[0].state == Outcome.ANSWERED
    # Slack let nobody take the placeholder's words back; it is taken away itself.
    assert len(slack.replies(message)) == 1


def test_a_new_message_whose_form_is_refused_is_said_in_bare_words(idle: Bench) -> None:
    message = idle.ana.say(idle.general, MENTION)
    assert idle.slack.settle()
    turn = idle.turns.recent()[0]
    egress = idle.answering.speakers["slack"].egress
    parts: list[Json] = [{"text": KEY, "blocks": [{"type": "hologram"}]}]
    egress.post(turn.question, turn.id, {"turn_id": turn.id, "parts": parts, "footer": []})
    (reply,) = idle.replies(message)
    assert reply.text == KEY
