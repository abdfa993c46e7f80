"""Forum channels: a new post is answered in its thread where the channel's settings say so."""

from bot.simulators.discord.state.channels import FORUM, Channel
from core.channels import ChannelSettings, Listening
from core.messages import Address
from tests.bot.platforms.discord.bench import Bench


def forum(hall: Bench, listening: Listening) -> Channel:
    made = hall.discord.channel("help", FORUM)
    place = Address(platform="discord", workspace=hall.discord.guild.id, channel=made.id)
    hall.books.channels.set(place, ChannelSettings(listening=listening), by="admin")
    return made


def test_a_new_post_is_answered_in_its_thread_with_its_title_read_too(hall: Bench) -> None:
    thread = hall.ana.post(forum(hall, Listening.QUESTIONS), "Doorkey", "I cannot find it anywhere")
    reply = hall.answer(thread)
    assert reply.reference == thread.id
    [turn] = hall.settled(1)
    assert turn.question.text == "Doorkey\n\nI cannot find it anywhere"
    hall.ana.say(thread, "and who has put it there?")
    hall.answer(thread, 2)


def test_a_new_post_is_not_answered_unless_the_settings_say_so(hall: Bench) -> None:
    thread = hall.ana.post(forum(hall, Listening.FOLLOW), "Doorkey", "Where is the doorkey?")
    hall.ana.mention(thread, "where is the doorkey?")
    hall.answer(thread)
    assert [turn.question.text for turn in hall.settled(1)] == ["where is the doorkey?"]


def test_what_others_write_below_a_post_that_was_not_asked_of_candor_is_theirs(hall: Bench) -> None:
    thread = hall.ana.post(forum(hall, Listening.OFF), "Doorkey", "Where is the doorkey?")
    hall.ben.say(thread, "Is it not under the mat?")
    hall.ana.mention(hall.general, "where is the doorkey?")
    hall.answer(hall.general)
    assert len(hall.settled(1)) == 1
    assert hall.replies(thread) == []
