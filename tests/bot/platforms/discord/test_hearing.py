"""What Candor hears on Discord, and what comes of it: mentions, messages, threads, edits, reactions."""

from pathlib import Path

from bot.manners import SWITCHED_OFF
from bot.simulators.discord import App
from bot.simulators.discord.rules import intents
from bot.simulators.discord.state.channels import Channel
from core.channels import ChannelSettings, Listening
from core.errors import LedgerUnavailable
from core.messages import Address
from ledger.transactions import writing
from tests.bot.platforms.discord.bench import Bench, bench, labels
from tests.bot.platforms.slack.bench import KEY


def place(bench: Bench, channel: Channel) -> Address:
    return Address(platform="discord", workspace=channel.guild, channel=channel.id)


def heard(bench: Bench, count: int = 1) -> list[str]:
    """The questions that were taken, oldest first."""
    assert bench.until(lambda: len(bench.turns.recent()) >= count)
    return [turn.question.text for turn in reversed(bench.turns.recent())]


def test_a_mention_is_answered_in_a_reply_with_its_sources(hall: Bench) -> None:
    question = hall.ana.mention(hall.general, "where is the doorkey?")
    reply = hall.answer(hall.general)
    assert reply.reference == question.id
    assert "**Sources**" in reply.content
    assert labels(reply) == ["up", "down", "again"]
    [turn] = hall.turns.recent()
    assert (turn.question.text, turn.question.asker.name) == ("where is the doorkey?", "Ana")
    assert hall.discord.findings == []


def test_what_is_not_meant_for_candor_is_left_alone(idle: Bench) -> None:
    idle.ana.say(idle.general, "where is the doorkey?")
    other = idle.discord.person("Robot", is_bot=True)
    other.mention(idle.general, "where is the doorkey?")
    idle.ana.mention(idle.general, "this one counts?")
    assert heard(idle) == ["this one counts?"]


def test_a_direct_message_needs_no_mention_and_goes_on(hall: Bench) -> None:
    hall.ana.say(hall.ana.direct(), "where is the doorkey?")
    hall.answer(hall.ana.direct())
    hall.ana.say(hall.ana.direct(), "and the mat?")
    hall.answer(hall.ana.direct(), 2)
    first, second = (turn.question.address for turn in hall.turns.recent())
    assert (first.workspace, first.channel, first.thread) == (second.workspace, second.channel, second.thread)


def test_a_reply_to_candor_goes_on_with_its_conversation(hall: Bench) -> None:
    hall.ana.mention(hall.general, "where is the doorkey?")
    reply = hall.answer(hall.general)
    further = hall.ben.reply(reply, "and who has put it there?", ping=False)
    assert hall.answer(hall.general, 2).reference == further.id
    last, first = hall.turns.recent()
    assert last.question.address.thread == first.question.address.thread


def test_a_reply_to_somebody_else_is_not_for_candor(idle: Bench) -> None:
    message = idle.ben.say(idle.general, "the key is gone")
    idle.ana.reply(message, "where is the doorkey?")
    idle.ana.mention(idle.general, "this one counts?")
    assert heard(idle) == ["this one counts?"]


def test_in_a_thread_that_it_is_in_no_second_mention_is_needed(hall: Bench) -> None:
    thread = hall.ana.open_thread(hall.ana.say(hall.general, "about the key"), "The key")
    hall.ana.say(thread, "where is the doorkey?")
    hall.ana.mention(thread, "where is the doorkey?")
    hall.answer(thread)
    hall.ana.say(thread, "and who has put it there?")
    hall.answer(thread, 2)
    asked = [turn.question.address for turn in hall.turns.recent()]
    assert [(each.channel, each.thread) for each in asked] == [(hall.general.id, thread.id)] * 2


def test_a_thread_that_is_opened_at_an_answer_is_one_that_it_is_in(hall: Bench) -> None:
    hall.ana.mention(hall.general, "where is the doorkey?")
    thread = hall.ben.open_thread(hall.answer(hall.general), "More on it")
    hall.ben.say(thread, "where is the spare doorkey?")
    assert "under the mat" in hall.answer(thread).content


def test_people_are_named_in_a_question_and_candor_is_not(idle: Bench) -> None:
    idle.ana.mention(idle.general, "ask @ben where the key is, <#123> <:key:456>")
    assert heard(idle) == ["ask @Ben where the key is,"]


def test_a_known_secret_is_masked_before_it_is_written_down(idle: Bench) -> None:
    idle.ana.mention(idle.general, "is password = 'correct horse' good? password='hunter2hunter2'")
    assert "hunter2hunter2" not in heard(idle)[0]


def test_an_edited_question_is_answered_again_in_the_same_reply(hall: Bench) -> None:
    question = hall.ana.mention(hall.general, "where is the doorkey?")
    reply = hall.answer(hall.general)
    hall.model.text = KEY.replace("doorkey", "spare doorkey")
    hall.discord.clock.advance(1)
    hall.ana.edit(question, f"<@{hall.discord.app.id}> where is the spare doorkey?")
    assert hall.until(lambda: "spare" in reply.content and "up" in labels(reply))
    assert hall.replies(hall.general) == [reply]
    assert [turn.question.text for turn in hall.settled(2)] == [
        "where is the spare doorkey?",
        "where is the doorkey?",
    ]


def test_an_edit_that_changes_no_word_asks_nothing(idle: Bench) -> None:
    question = idle.ana.mention(idle.general, "where is the key?")
    heard(idle)
    idle.discord.clock.advance(1)
    idle.ana.edit(question, question.content + " ")
    idle.ana.mention(idle.general, "and this?")
    assert heard(idle, 2) == ["where is the key?", "and this?"]


def test_a_message_that_is_edited_into_a_question_is_answered(hall: Bench) -> None:
    message = hall.ana.say(hall.general, "where is the doorkey?")
    hall.discord.clock.advance(1)
    hall.ana.edit(message, f"<@{hall.discord.app.id}> where is the doorkey?")
    assert hall.answer(hall.general).reference == message.id


def test_a_deleted_question_takes_its_reply_with_it(hall: Bench) -> None:
    question = hall.ana.mention(hall.general, "where is the doorkey?")
    hall.answer(hall.general)
    hall.ana.delete(question)
    assert hall.until(lambda: not hall.replies(hall.general))


def test_a_question_deleted_while_it_is_answered_is_withdrawn(hall: Bench) -> None:
    hall.model.may_end.clear()
    question = hall.ana.mention(hall.general, "where is the doorkey?")
    assert hall.model.began.wait(10)
    hall.ana.delete(question)
    assert hall.until(lambda: not hall.replies(hall.general))
    hall.model.may_end.set()
    assert [turn.state for turn in hall.settled()] == ["withdrawn"]
    assert hall.replies(hall.general) == []


def test_reactions_are_thumbs_that_can_be_changed_and_taken_back(hall: Bench) -> None:
    hall.ana.mention(hall.general, "where is the doorkey?")
    reply = hall.answer(hall.general)
    hall.ana.react(reply, "👍")
    assert hall.until(lambda: hall.votes() == [(hall.ana.id, 1, "")])
    hall.ana.react(reply, "👎🏽")
    assert hall.until(lambda: hall.votes() == [(hall.ana.id, -1, "")])
    hall.ana.unreact(reply, "👎🏽")
    assert hall.until(lambda: hall.votes() == [])
    hall.ana.unreact(reply, "👍")
    hall.ana.react(reply, "🎉")
    hall.ana.react(reply, "👍")
    assert hall.until(lambda: hall.votes() == [(hall.ana.id, 1, "")])


def test_where_it_is_switched_off_the_asker_is_told_alone(hall: Bench) -> None:
    hall.books.channels.set(place(hall, hall.general), ChannelSettings(listening=Listening.OFF), by="admin")
    hall.ana.mention(hall.general, "where is the doorkey?")
    assert hall.until(lambda: hall.replies(hall.ana.direct()))
    assert hall.replies(hall.ana.direct())[0].content == SWITCHED_OFF
    assert hall.turns.recent() == []


def test_a_question_that_cannot_be_written_down_is_answered_with_a_sentence(idle: Bench) -> None:
    engine = idle.books.turns._engine
    with writing(engine):
        question = idle.ana.mention(idle.general, "where is the doorkey?")
        assert idle.until(lambda: idle.replies(idle.general))
    [told] = idle.replies(idle.general)
    assert (told.content, told.reference) == (LedgerUnavailable.say, question.id)
    assert idle.turns.recent() == []


def test_without_the_intent_it_hears_what_is_meant_for_it_and_says_so(tmp_path: Path) -> None:
    with bench(tmp_path, app=App(intents=intents.GUILD_MEMBERS), working=False) as idle:
        assert "without the message content intent" in idle.where
        idle.ana.say(idle.general, "unheard")
        idle.ana.mention(idle.general, "one?")
        idle.ana.say(idle.ana.direct(), "two?")
        assert sorted(heard(idle, 2)) == ["one?", "two?"]
        assert idle.discord.findings == []
