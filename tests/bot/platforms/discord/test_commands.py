"""Commands and menus beside `/ask`: search, summaries, sources, settings, being forgotten, proposals."""

import pytest

from bot.home import FORGET_WARNING, FORGOTTEN
from bot.manners import SWITCHED_OFF
from bot.platforms.discord.calls import DiscordCalls
from bot.platforms.discord.ingress import commands
from bot.platforms.discord.ingress.commanding import NO_SOURCES, NOTHING_SAID, ONLY_ADMINS, SAVED
from bot.simulators.discord import DiscordError, Person
from bot.simulators.discord.state.interactions import DEFERRED, Interaction
from core.channels import ChannelSettings, Listening, ReplyTo
from core.messages import EVERYONE, Address, Manner, Span, Task
from tests.bot.platforms.discord.bench import Bench, discord_settings
from tests.bot.platforms.slack.bench import KEY

CHOSEN = {"listening": "questions", "reply_to": "asker", "bots": "yes"}


def place(hall: Bench) -> Address:
    return Address(platform="discord", workspace=hall.discord.guild.id, channel=hall.general.id)


def shown(hall: Bench, interaction: Interaction, words: str) -> str:
    hall.until(lambda: words in interaction.shown)
    return interaction.shown


def form(hall: Bench, who: Person, which: str) -> Interaction:
    opened = who.command(hall.general, f"settings {which}")
    hall.until(lambda: opened.modal or opened.original)
    return opened


def test_a_search_shows_its_asker_alone_what_documents_say(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "search", query="doorkey")
    assert "“The doorkey lies under the mat.” [1]" in shown(hall, used, "under the mat")
    assert used.ephemeral
    assert hall.ben.sees(hall.general) == []
    assert hall.model.requests == []


def test_a_summary_is_asked_of_a_channel_since_a_moment_of_a_thread_and_of_a_document(hall: Bench) -> None:
    hello = hall.ana.say(hall.general, "hello")
    thread = hall.ana.open_thread(hello, "talk")
    other = hall.discord.channel("other")
    asked = [
        hall.ana.command(hall.general, "summarize"),
        hall.ana.command(hall.general, "summarize", channel=other, since="Monday"),
        hall.ana.command(thread, "summarize"),
        hall.ana.command(hall.general, "summarize", document="handbook.md"),
    ]
    turns = {turn.question.key.message: turn.question for turn in hall.settled(4)}
    channel, since, talk, document = (turns[each.id] for each in asked)
    assert channel.span == Span(channel=hall.general.id)
    assert since.span == Span(channel=other.id, since="Monday")
    assert talk.span == Span(channel=hall.general.id, thread=thread.id)
    assert (document.span, document.subject) == (None, "handbook.md")
    assert {each.task for each in turns.values()} == {Task.SUMMARIZE}
    assert all(each.address.handle == hall.ana.id for each in turns.values())


def test_a_message_is_asked_about_and_summarised_from_by_its_menu(hall: Bench) -> None:
    message = hall.ben.say(hall.general, "where is the doorkey?")
    about = hall.ana.menu(message, commands.ASK_ABOUT)
    assert KEY.partition(" [")[0] in shown(hall, about, "under the mat")
    assert about.ephemeral
    begun = hall.ana.menu(message, commands.SUMMARISE_FROM)
    turns = {turn.question.key.message: turn.question for turn in hall.settled(2)}
    assert turns[about.id].text == "where is the doorkey?"
    assert turns[begun.id].span == Span(channel=hall.general.id, first=message.id)


def test_a_message_without_words_is_not_asked_about(hall: Bench) -> None:
    message = hall.ben.say(hall.general, f"<@{hall.ana.id}>")
    assert NOTHING_SAID in shown(hall, hall.ana.menu(message, commands.ASK_ABOUT), NOTHING_SAID)
    assert hall.settled() == []


def test_sources_are_listed_as_far_as_everybody_in_the_server_may_read_them(hall: Bench) -> None:
    guild = hall.discord.guild.id
    assert NO_SOURCES in shown(hall, hall.ana.command(hall.general, "sources"), NO_SOURCES)
    hall.books.sources.add("/srv/private/handbook", (EVERYONE,))
    hall.books.sources.add("https://docs.example/", (f"discord:{guild}",))
    hall.books.sources.add("/srv/board", ("board",))
    said = shown(hall, hall.ana.command(hall.general, "sources"), "handbook")
    assert "docs.example" in said
    assert "srv" not in said
    assert "board" not in said
    direct = shown(hall, hall.ana.command(hall.ana.direct(), "sources"), "handbook")
    assert "docs.example" not in direct


def test_an_admin_sets_when_and_where_candor_answers(hall: Bench) -> None:
    admin, experts = hall.discord.person("Eve", admin=True), hall.discord.role("Experts")
    opened = form(hall, admin, "hearing")
    sent = admin.submit(opened, {**CHOSEN, "role": experts, "channel": ()})
    shown(hall, sent, SAVED)
    settings = hall.books.channels.of(place(hall))
    assert settings == ChannelSettings(
        listening=Listening.QUESTIONS, reply_to=ReplyTo.ASKER, experts=f"role_{experts.id}", bots=True
    )
    again = form(hall, admin, "hearing")
    role = again.modal["components"][2]["component"] if again.modal else {}
    assert role["default_values"] == [{"id": experts.id, "type": "role"}]


def test_an_admin_sets_what_answers_rest_on_and_how_they_sound_and_the_rest_stays(hall: Bench) -> None:
    admin = hall.discord.person("Eve", admin=True)
    source = hall.books.sources.add("/srv/handbook", (EVERYONE,))
    hall.books.channels.set(place(hall), ChannelSettings(bots=True), by="somebody")
    opened = form(hall, admin, "voice")
    values = {"sources": [source.id], "persona": "a librarian", "tone": "dry"}
    shown(hall, admin.submit(opened, values), SAVED)
    manner = Manner(sources=(source.id,), persona="a librarian", tone="dry")
    assert hall.books.channels.of(place(hall)) == ChannelSettings(bots=True, manner=manner)


def test_nobody_else_sets_anything_even_with_the_form_before_them(hall: Bench) -> None:
    with pytest.raises(DiscordError):
        hall.ana.command(hall.general, "settings hearing")
    eve = hall.discord.person("Eve", admin=True)
    opened = form(hall, eve, "hearing")
    hall.discord.guild.members[eve.id].roles.clear()
    sent = eve.submit(opened, {**CHOSEN, "role": (), "channel": ()})
    shown(hall, sent, ONLY_ADMINS)
    assert hall.books.channels.of(place(hall)) == ChannelSettings()


def test_commands_say_where_candor_is_switched_off(hall: Bench) -> None:
    hall.books.channels.set(place(hall), ChannelSettings(listening=Listening.OFF), by="somebody")
    used = hall.ana.command(hall.general, "search", query="doorkey")
    shown(hall, used, SWITCHED_OFF)
    assert hall.settled() == []


def test_somebody_is_forgotten_in_the_server_and_in_direct_messages_once_they_say_so(hall: Bench) -> None:
    for channel in (hall.general, hall.ana.direct()):
        hall.ana.command(channel, "ask", question="where is the doorkey?")
    hall.ben.command(hall.general, "ask", question="where is the doorkey?")
    hall.settled(3)
    used = hall.ana.command(hall.general, "forget-me")
    shown(hall, used, FORGET_WARNING)
    assert len(hall.turns.recent()) == 3
    assert used.original
    pressed = hall.ana.press(used.original, "forget-me:")
    shown(hall, pressed, FORGOTTEN)
    assert [turn.question.asker.id for turn in hall.turns.recent()] == [hall.ben.id]


def test_candor_proposes_what_one_asked_before_what_documents_answer_and_moments(hall: Bench) -> None:
    source = hall.books.sources.add("/srv/handbook", (EVERYONE,))
    hall.books.sources.synced(source.id, {}, ["Where do receipts go?"])
    hall.ana.command(hall.general, "ask", question="where is the doorkey?")
    hall.ben.command(hall.general, "ask", question="where is Ben's secret doorkey?")
    hall.settled(2)

    def proposed(command: str, option: str, text: str) -> list[str]:
        typed = hall.ana.complete(hall.general, command, option, text)
        hall.until(lambda: typed.answer)
        return [choice["value"] for choice in typed.choices]

    assert proposed("ask", "question", "where") == ["where is the doorkey?", "Where do receipts go?"]
    assert proposed("search", "query", "receipts") == ["Where do receipts go?"]
    assert proposed("summarize", "since", "mon") == ["Monday", "the last month"]
    assert proposed("ask", "question", "nothing like it") == []


def test_every_command_is_deferred_or_answered_at_once(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "search", query="doorkey")
    hall.until(lambda: used.answer)
    assert used.answer == DEFERRED
    assert used.seconds < 1.0
    hall.settled(1)


def test_commands_are_registered_once_with_a_diff_for_all_or_in_one_server(hall: Bench) -> None:
    calls, world = DiscordCalls(discord_settings(hall.discord)), hall.discord.world
    writes, app, guild = world.commands.writes, hall.discord.app.id, hall.discord.guild.id
    assert not commands.sync(calls, app)
    assert world.commands.writes == writes
    assert commands.sync(calls, app, guild)
    assert not commands.sync(calls, app, guild)
    assert {each["name"] for each in world.commands.all(guild)} == {
        each["name"] for each in commands.COMMANDS
    }
    calls.do("DELETE", f"/applications/{app}/guilds/{guild}/commands/{world.commands.all(guild)[0]['id']}")
    assert commands.sync(calls, app, guild)
