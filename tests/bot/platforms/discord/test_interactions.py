"""`/ask`, buttons and the form: what each does, and that Discord is answered in time."""

from functools import partial

import pytest

from bot.manners import SWITCHED_OFF
from bot.platforms.discord.ingress.hearing import STOPPED
from bot.platforms.discord.ingress.interactions import NOT_MINE, ONLY_THE_ASKER, THANKS
from bot.simulators.discord import Fault, Person
from bot.simulators.discord.state.interactions import Interaction
from bot.simulators.discord.state.messages import Message
from core.channels import ChannelSettings, Listening
from core.errors import LedgerUnavailable
from core.messages import Address
from ledger.transactions import writing
from tests.bot.platforms.discord.bench import Bench, button, labels


def answered(hall: Bench, who: Person | None = None) -> Message:
    """An answer to a mention."""
    (who or hall.ana).mention(hall.general, "where is the doorkey?")
    return hall.answer(hall.general)


def shows(used: Interaction, text: str) -> bool:
    return text in used.shown


def test_a_command_is_answered_where_it_was_promised(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?")
    assert hall.until(lambda: "under the mat" in used.shown)
    hall.settled(1)
    assert hall.replies(hall.general, hall.ben) == [used.original]
    assert used.seconds < 3
    assert hall.discord.findings == []


def test_a_private_command_is_answered_to_its_asker_alone(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?", private=True)
    assert hall.until(lambda: "under the mat" in used.shown)
    hall.settled(1)
    assert used.ephemeral
    assert hall.ben.sees(hall.general) == []


def test_a_command_works_in_direct_messages_and_in_threads(hall: Bench) -> None:
    thread = hall.ana.open_thread(hall.ana.say(hall.general, "about the key"), "The key")
    for channel in (hall.ana.direct(), thread):
        used = hall.ana.command(channel, "/ask", question="where is the doorkey?")
        assert hall.until(partial(shows, used, "under the mat"))
    hall.settled(2)
    hall.ana.say(thread, "and who has put it there?")
    hall.answer(thread, 2)


def test_the_answer_to_a_command_can_be_replied_to(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?")
    assert hall.until(lambda: "under the mat" in used.shown)
    assert used.original
    hall.settled(1)
    hall.ana.reply(used.original, "and who has put it there?")
    hall.answer(hall.general, 2)
    last, first = hall.turns.recent()
    assert last.question.address.thread == first.question.address.thread


def test_a_command_that_cannot_be_written_down_is_told_so_in_time(idle: Bench) -> None:
    with writing(idle.turns._engine):
        used = idle.ana.command(idle.general, "/ask", question="where is the doorkey?")
        assert idle.until(lambda: used.answer)
    assert (used.shown, used.ephemeral) == (LedgerUnavailable.say, True)
    assert used.seconds < 3
    assert idle.turns.recent() == []


def test_a_command_where_it_is_switched_off_is_told_so(idle: Bench) -> None:
    place = Address(platform="discord", workspace=idle.general.guild, channel=idle.general.id)
    idle.books.channels.set(place, ChannelSettings(listening=Listening.OFF), by="admin")
    used = idle.ana.command(idle.general, "/ask", question="where is the doorkey?")
    assert idle.until(lambda: used.answer)
    assert (used.shown, used.ephemeral) == (SWITCHED_OFF, True)


def test_a_deferral_that_is_lost_leaves_an_answer_all_the_same(hall: Bench) -> None:
    hall.discord.api.fail("POST /interactions/{interaction_id}/{token}/callback", Fault(503))
    hall.ana.command(hall.general, "/ask", question="where is the doorkey?")
    assert "under the mat" in hall.answer(hall.general).content
    assert [turn.state for turn in hall.settled(1)] == ["answered"]


def test_a_thumb_up_is_thanked_for_and_counts_once_for_each_person(hall: Bench) -> None:
    reply = answered(hall)
    for _ in range(2):
        pressed = hall.ana.press(reply, button(reply, "up"))
        assert hall.until(partial(shows, pressed, THANKS))
        assert pressed.ephemeral
    assert hall.votes() == [(hall.ana.id, 1, "")]


def test_a_thumb_down_asks_for_a_reason_and_keeps_it(hall: Bench) -> None:
    reply = answered(hall)
    pressed = hall.ben.press(reply, button(reply, "down"))
    assert hall.until(lambda: pressed.modal)
    assert hall.votes() == [(hall.ben.id, -1, "")]
    sent = hall.ben.submit(pressed, {"reason": "stale", "comment": "It has moved."})
    assert hall.until(lambda: sent.shown == THANKS)
    assert hall.votes() == [(hall.ben.id, -1, "stale: It has moved.")]


def test_stop_is_for_the_person_who_asked(hall: Bench) -> None:
    hall.model.may_end.clear()
    hall.ana.mention(hall.general, "where is the doorkey?")
    assert hall.model.began.wait(10)
    [reply] = hall.replies(hall.general)
    pressed = hall.ben.press(reply, button(reply, "stop"))
    assert hall.until(lambda: pressed.shown == ONLY_THE_ASKER)
    hall.ana.press(reply, button(reply, "stop"))
    assert hall.until(lambda: STOPPED in reply.content)
    hall.model.may_end.set()
    assert [turn.state for turn in hall.settled()] == ["withdrawn"]
    assert STOPPED in reply.content


def test_try_again_answers_anew_in_the_same_message(hall: Bench) -> None:
    reply = answered(hall)
    hall.model.text = "The doorkey has moved, but not far: it lies under the mat. [1]"
    hall.ben.press(reply, button(reply, "again"))
    assert hall.until(lambda: "has moved" in reply.content and labels(reply)[0] == "up")
    assert hall.replies(hall.general) == [reply]
    again, first = hall.settled(2)
    assert (again.question.retry_of, again.question.asker.id) == (first.id, hall.ben.id)


def test_try_again_on_a_private_answer_works_when_its_token_is_long_dead(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?", private=True)
    assert hall.until(lambda: "under the mat" in used.shown)
    hall.settled(1)
    assert used.original
    hall.discord.clock.advance(3600)
    hall.model.text = "The doorkey has moved, but not far: it lies under the mat. [1]"
    hall.ana.press(used.original, button(used.original, "again"))
    assert hall.until(lambda: "has moved" in used.shown)
    hall.settled(2)
    assert [message.visible_to for message in hall.ana.sees(hall.general)] == [hall.ana.id]


@pytest.mark.parametrize("action", ["up", "down", "again"])
def test_a_button_of_another_server_does_nothing(hall: Bench, action: str) -> None:
    reply = answered(hall)
    elsewhere = hall.discord.world.add_guild("Elsewhere")
    there = hall.discord.channel("there", guild=elsewhere)
    eve = hall.discord.person("Eve", guild=elsewhere)
    eve.mention(there, "where is the doorkey?")
    other = hall.until(lambda: [each for each in eve.sees(there) if labels(each)[:1] == ["up"]])[0]
    other.components[0]["components"][0]["custom_id"] = button(reply, action)
    pressed = eve.press(other, button(reply, action))
    assert hall.until(lambda: pressed.shown == NOT_MINE)
    assert hall.feedback.of(hall.settled(2)[-1].id) == []
