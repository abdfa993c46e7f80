"""Channels' settings: changed inside Slack by admins, and obeyed."""

import pytest

from bot.manners import SWITCHED_OFF
from bot.platforms.slack.ingress.admin import NO_CHANNEL, ONLY_ADMINS
from bot.simulators.slack import Person
from bot.simulators.slack.state.messages import Message
from core.channels import ChannelSettings, Listening, ReplyTo
from core.completions import NO_ANSWER
from core.messages import EVERYONE, Address, Manner
from tests.bot.platforms.slack.bench import KEY, Bench

MENTION = "@candor where is the doorkey?"


@pytest.fixture
def admin(slack: Bench) -> Person:
    return an_admin(slack)


def an_admin(bench: Bench) -> Person:
    admin = bench.slack.person("Cyd", admin=True)
    admin.join(bench.general)
    return admin


def here(bench: Bench) -> Address:
    return Address(platform="slack", workspace=bench.slack.workspace.id, channel=bench.general.id)


def set_to(bench: Bench, settings: ChannelSettings) -> None:
    bench.books.channels.set(here(bench), settings, by="U1")


def questions(bench: Bench) -> list[str]:
    assert bench.slack.settle()
    return [turn.question.text for turn in reversed(bench.turns.recent(1000))]


def test_an_admin_changes_a_channel_by_the_command(slack: Bench, admin: Person) -> None:
    source = slack.books.sources.add("/srv/docs/handbook", (EVERYONE,))
    slack.books.sources.add("/srv/docs/board", ("board",))
    assert admin.command(slack.general, "/ask", " Settings ").acknowledged
    modal = admin.modal
    assert modal is not None
    offered = str(modal.content["blocks"])
    assert "handbook" in offered
    assert "board" not in offered
    assert "/srv" not in offered
    filled = {
        "listening": "mention",
        "reply_to": "asker",
        "sources": [source.id],
        "persona": "the  librarian",
        "tone": "brief",
        "experts": "S0EXPERTS",
        "bots": ["yes"],
    }
    assert admin.submit(filled).acknowledged
    assert admin.modal is None
    assert slack.books.channels.of(here(slack)) == ChannelSettings(
        listening=Listening.MENTION,
        reply_to=ReplyTo.ASKER,
        manner=Manner(sources=(source.id,), persona="the librarian", tone="brief"),
        experts="S0EXPERTS",
        bots=True,
    )
    assert questions(slack) == []


def test_the_modal_shows_what_is_set(slack: Bench, admin: Person) -> None:
    source = slack.books.sources.add("/srv/docs/handbook", (EVERYONE,))
    settings = ChannelSettings(
        listening=Listening.QUESTIONS, manner=Manner(sources=(source.id, "gone"), tone="dry"), bots=True
    )
    set_to(slack, settings)
    admin.command(slack.general, "/ask", "settings")
    admin.submit({"sources": [source.id], "bots": ["yes"], "listening": "questions", "reply_to": "thread"})
    kept = replace_sources(settings, (source.id,))
    assert slack.books.channels.of(here(slack)) == kept


def replace_sources(settings: ChannelSettings, sources: tuple[str, ...]) -> ChannelSettings:
    return settings.model_copy(update={"manner": settings.manner.model_copy(update={"sources": sources})})


@pytest.mark.parametrize("who", ["person", "guest", "stranger"])
def test_nobody_but_an_admin_gets_the_modal(slack: Bench, who: str) -> None:
    person = {
        "person": slack.ana,
        "guest": slack.slack.person("Gus", admin=True, guest="multi"),
        "stranger": slack.slack.person("Sid", admin=True, team="T0ELSEWHERE"),
    }[who]
    receipt = person.command(slack.general, "/ask", "settings")
    assert receipt.body["text"] == ONLY_ADMINS
    assert person.modal is None


def test_whoever_lost_the_right_meanwhile_saves_nothing(slack: Bench, admin: Person) -> None:
    admin.command(slack.general, "/ask", "settings")
    admin.user.admin = False
    receipt = admin.submit({"listening": "off", "reply_to": "thread"})
    assert receipt.body["errors"] == {"listening": ONLY_ADMINS}
    assert admin.modal is not None
    assert slack.books.channels.of(here(slack)) == ChannelSettings()


def test_experts_that_are_no_id_are_pointed_out(slack: Bench, admin: Person) -> None:
    admin.command(slack.general, "/ask", "settings")
    receipt = admin.submit({"listening": "off", "reply_to": "thread", "experts": "the experts"})
    assert list(receipt.body["errors"]) == ["experts"]


def test_direct_messages_have_no_settings(slack: Bench, admin: Person) -> None:
    assert admin.command(admin.direct(), "/ask", "settings").body["text"] == NO_CHANNEL


def test_a_channel_that_is_off_hears_nothing_and_says_so_to_the_asker_once(idle: Bench) -> None:
    set_to(idle, ChannelSettings(listening=Listening.OFF))
    idle.ana.say(idle.general, MENTION)
    assert questions(idle) == []
    told = [each for each in idle.slack.workspace.timeline.ephemeral if SWITCHED_OFF in each.shown]
    assert [each.visible_to for each in told] == [idle.ana.id]


def test_the_command_is_off_with_its_channel(idle: Bench) -> None:
    set_to(idle, ChannelSettings(listening=Listening.OFF))
    assert idle.ana.command(idle.general, "/ask", "where is the doorkey?").body["text"] == SWITCHED_OFF
    assert questions(idle) == []


def test_mention_only_follows_no_thread(idle: Bench) -> None:
    set_to(idle, ChannelSettings(listening=Listening.MENTION))
    root = idle.ana.say(idle.general, MENTION)
    assert len(questions(idle)) == 1
    idle.ana.say(idle.general, "and the spare one?", thread=root)
    assert len(questions(idle)) == 1


def test_every_question_of_a_channel_is_answered_where_that_is_wanted(idle: Bench) -> None:
    set_to(idle, ChannelSettings(listening=Listening.QUESTIONS))
    idle.ana.say(idle.general, "where is the doorkey?")
    idle.ana.say(idle.general, "lunch is here")
    idle.ana.say(idle.general, "@ben where are you?")
    assert questions(idle) == ["where is the doorkey?"]


def private(bench: Bench) -> list[Message]:
    return [each for each in bench.slack.workspace.timeline.ephemeral if "under the mat" in each.shown]


def test_a_reply_to_the_asker_alone_is_seen_by_nobody_else(slack: Bench) -> None:
    set_to(slack, ChannelSettings(reply_to=ReplyTo.ASKER))
    root = slack.ana.say(slack.general, MENTION)
    (answer,) = slack.until(lambda: private(slack))
    assert answer.visible_to == slack.ana.id
    assert slack.replies(root, slack.ben) == []
    slack.settled()
    slack.ben.say(slack.general, "and the spare one?", thread=root)
    assert len(questions(slack)) == 1
    slack.ana.say(slack.general, "and the spare one?", thread=root)
    slack.until(lambda: len(private(slack)) == 2)
    assert private(slack)[-1].thread == root.ts


def test_the_conversation_of_one_asker_is_not_another_ones(slack: Bench) -> None:
    set_to(slack, ChannelSettings(reply_to=ReplyTo.ASKER))
    slack.model.text = "The secret doorkey lies under the mat. [1]"
    root = slack.ana.say(slack.general, "@candor where is my doorkey?")
    slack.until(lambda: private(slack))
    slack.settled()
    slack.model.text = KEY
    slack.ben.say(slack.general, "@candor where is the doorkey?", thread=root)
    slack.until(lambda: len(private(slack)) == 2)
    said = "\n".join(each.content for each in slack.model.requests[-1].prompt.messages)
    assert "secret" not in said


def test_an_answer_knows_the_channels_manner(slack: Bench) -> None:
    manner = Manner(persona="the librarian", tone="dry")
    set_to(slack, ChannelSettings(manner=manner))
    slack.answer_to(slack.ana.say(slack.general, MENTION))
    assert slack.turns.recent()[0].question.manner == manner
    assert "the librarian" in "\n".join(each.content for each in slack.model.requests[-1].prompt.messages)


def test_other_bots_are_answered_twice_at_most_where_they_may_ask(idle: Bench) -> None:
    set_to(idle, ChannelSettings(bots=True))
    robot = idle.slack.person("Robot", is_bot=True)
    robot.join(idle.general)
    root = robot.say(idle.general, MENTION)
    for _ in range(4):
        assert idle.slack.settle()
        robot.say(idle.general, MENTION, thread=root)
    assert len(questions(idle)) == 2
    assert all(turn.question.asker.bot for turn in idle.turns.recent())


def test_its_own_messages_are_no_questions_even_where_bots_may_ask(slack: Bench) -> None:
    set_to(slack, ChannelSettings(bots=True, listening=Listening.QUESTIONS))
    slack.model.text = "Is the doorkey under the mat? [1]"
    slack.answer_to(slack.ana.say(slack.general, MENTION))
    assert len(questions(slack)) == 1


def test_what_people_ask_one_another_is_answered_only_where_the_documents_do(slack: Bench) -> None:
    set_to(slack, ChannelSettings(listening=Listening.QUESTIONS))
    slack.model.text = NO_ANSWER
    unknown = slack.ana.say(slack.general, "does anybody know where the parking lot is?")
    slack.until(slack.turns.recent)
    slack.settled()
    assert slack.replies(unknown) == []
    slack.ben.say(slack.general, "isn't it behind the house?", thread=unknown)
    assert slack.slack.settle()
    assert len(slack.settled()) == 1
    slack.model.text = KEY
    known = slack.ana.say(slack.general, "does anybody know where the doorkey is?")
    assert slack.answer_to(known)
    assert len(slack.replies(known)) == 1


def test_whoever_mentions_candor_is_told_that_it_does_not_know(slack: Bench) -> None:
    set_to(slack, ChannelSettings(listening=Listening.QUESTIONS))
    slack.model.text = NO_ANSWER
    assert slack.answer_to(slack.ana.say(slack.general, "@candor where is the parking lot?"), "I don't know")
