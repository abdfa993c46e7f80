"""Asking a person on Discord: the button, the consent, the card, the claim, the answer, once."""

from pathlib import Path

from bot.escalation import SAID, Handed
from bot.platforms.discord.ingress.handing import GONE, SENT
from bot.simulators.discord import App, Person
from bot.simulators.discord.rules import intents
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.interactions import SHOW_MODAL, Interaction
from bot.simulators.discord.state.messages import Message
from core.channels import ChannelSettings
from core.messages import Address
from ledger.escalations import State
from tests.bot.platforms.discord.bench import Bench, bench, button, labels
from workers.tasks.escalating import NOT_ASKED

WORDS = "Ask Maria, she has **the spare one**."


def experts(hall: Bench, named: str) -> None:
    place = Address(platform="discord", workspace=hall.discord.guild.id, channel=hall.general.id)
    hall.books.channels.set(place, ChannelSettings(experts=named), by="admin")


def answered(hall: Bench) -> Message:
    hall.ana.mention(hall.general, "where is the doorkey?")
    reply = hall.answer(hall.general)
    hall.until(lambda: "person" in labels(reply))
    return reply


def done(hall: Bench, pressed: Interaction) -> str:
    hall.until(lambda: pressed.answer)
    return pressed.shown


def card(hall: Bench, who: Person, channel: Channel, action: str = "claim") -> Message:
    def found() -> Message | None:
        return next((each for each in hall.replies(channel, who) if action in labels(each)), None)

    shown: Message = hall.until(found)
    return shown


def test_a_question_goes_to_the_experts_channel_and_their_answer_comes_back_once(hall: Bench) -> None:
    room = hall.discord.channel("experts")
    experts(hall, room.id)
    reply = answered(hall)
    assert done(hall, hall.ana.press(reply, button(reply, "person"))) == SAID[Handed.NEW]
    assert done(hall, hall.ana.press(reply, button(reply, "person"))) == SAID[Handed.REPEATED]
    shown = card(hall, hall.ben, room)
    assert "where is the doorkey?" in shown.content
    assert not shown.pings
    hall.ben.press(shown, button(shown, "claim"))
    hall.until(lambda: "expert" in labels(shown))
    assert "Ben has claimed this" in shown.content
    assert "Ben has claimed this" in done(hall, hall.ana.press(shown, button(shown, "expert")))
    opened = hall.ben.press(shown, button(shown, "expert"))
    hall.until(lambda: opened.answer == SHOW_MODAL)
    hall.ben.submit(opened, {"words": WORDS})
    brought = hall.until(
        lambda: next((each for each in hall.replies(hall.general) if WORDS in each.content), None)
    )
    assert "Ben answers:" in brought.content
    hall.until(lambda: "Ben has answered this." in shown.content)
    assert labels(shown) == labels(brought) == []
    hall.settled(2)
    assert sum(WORDS in each.content for each in hall.replies(hall.general)) == 1


def test_each_person_of_a_role_gets_a_card_and_the_first_takes_the_question(hall: Bench) -> None:
    role = hall.discord.role("Experts")
    eve, joe = hall.discord.person("Eve", role), hall.discord.person("Joe", role)
    experts(hall, f"role_{role.id}")
    reply = answered(hall)
    hall.ana.press(reply, button(reply, "person"))
    first, second = card(hall, eve, eve.direct()), card(hall, joe, joe.direct())
    eve.press(first, button(first, "claim"))
    hall.until(lambda: "Eve has claimed this" in second.content)
    assert "Eve has claimed this" in done(hall, joe.press(second, button(second, "expert")))
    assert hall.replies(hall.ben.direct(), hall.ben) == []


def test_a_private_question_is_shown_before_it_is_sent_and_its_answer_stays_private(hall: Bench) -> None:
    room = hall.discord.channel("experts")
    experts(hall, room.id)
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?", private=True)
    assert hall.until(lambda: used.original and "person" in labels(used.original))
    hall.settled(1)
    assert used.original
    pressed = hall.ana.press(used.original, button(used.original, "person"))
    assert "where is the doorkey?" in done(hall, pressed)
    assert pressed.ephemeral
    assert hall.replies(room) == []
    assert pressed.original
    hall.ana.press(pressed.original, button(pressed.original, "consent"))
    hall.until(lambda: pressed.original and pressed.original.content == SENT)
    shown = card(hall, hall.ben, room)
    hall.ben.press(shown, button(shown, "claim"))
    hall.until(lambda: "expert" in labels(shown))
    opened = hall.ben.press(shown, button(shown, "expert"))
    hall.until(lambda: opened.answer == SHOW_MODAL)
    hall.ben.submit(opened, {"words": WORDS})
    hall.until(lambda: any(WORDS in each.content for each in hall.replies(hall.ana.direct())))
    hall.settled(2)
    assert not any(WORDS in each.content for each in hall.replies(hall.general, hall.ben))


def test_a_deleted_question_is_taken_back_from_the_experts(hall: Bench) -> None:
    room = hall.discord.channel("experts")
    experts(hall, room.id)
    question = hall.ana.mention(hall.general, "where is the doorkey?")
    reply = hall.answer(hall.general)
    hall.ana.press(reply, button(reply, "person"))
    shown = card(hall, hall.ben, room)
    hall.ana.delete(question)
    hall.until(lambda: "was taken back" in shown.content)
    assert labels(shown) == []
    assert "doorkey" not in shown.content


def test_a_cards_button_works_only_where_the_card_stands(hall: Bench) -> None:
    room = hall.discord.channel("experts")
    experts(hall, room.id)
    reply = answered(hall)
    hall.ana.press(reply, button(reply, "person"))
    shown = card(hall, hall.ben, room)
    turn = hall.turns.recent(1)[0]
    reply.components[0]["components"][0]["custom_id"] = f"claim:{turn.id}"
    assert done(hall, hall.ana.press(reply, f"claim:{turn.id}")) == GONE
    escalation = hall.desk.find(turn.id)
    assert escalation
    assert escalation.state is State.OPEN
    assert shown.components


def test_nobody_is_asked_where_nobody_is_named(hall: Bench) -> None:
    hall.ana.mention(hall.general, "where is the doorkey?")
    assert "person" not in labels(hall.answer(hall.general))


def test_without_the_members_intent_a_role_reaches_nobody_and_the_asker_is_told(tmp_path: Path) -> None:
    with bench(tmp_path, app=App(intents=intents.MESSAGE_CONTENT)) as hall:
        experts(hall, f"role_{hall.discord.role('Experts').id}")
        reply = answered(hall)
        hall.ana.press(reply, button(reply, "person"))
        hall.until(lambda: any(NOT_ASKED in each.content for each in hall.replies(hall.ana.direct())))
