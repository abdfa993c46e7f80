"""Discord as a source: who may read what, what is summarised for whom, threads as documents, files."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.platforms.discord.calls import DiscordCalls
from bot.platforms.discord.guilds import Guilds
from bot.platforms.discord.source import DiscordChannels
from bot.simulators.discord import DiscordSimulator, Fault, Person
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.state.channels import FORUM, Overwrite
from bot.simulators.discord.state.channels import Channel as Room
from core.documents import Document
from core.errors import Misconfigured, Unavailable
from core.messages import EVERYONE, Address, Asker, File, Question, QuestionKey, Span
from core.transcripts import NotFetched, Transcript
from retrieval.loaders import Skipped
from retrieval.sources import read_source
from tests.bot.platforms.discord.bench import discord_settings

PLAN = "The release moves to Monday because the database is not ready yet."
REVIEW = "Then somebody has to tell the customers about the release before Friday."
PARTY = "The summer party will be in the garden of the museum."


class Town:
    """A server that is read as a source."""

    def __init__(self, discord: DiscordSimulator) -> None:
        self.discord = discord
        self.guild = discord.guild.id
        self.waits: list[float] = []
        calls = DiscordCalls(discord_settings(discord))
        self.channels = DiscordChannels(Guilds(calls), Guilds(calls, self.wait), discord.api_url)
        self.ana, self.ben = discord.person("Ana"), discord.person("Ben")
        self.general = discord.channel("general")

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        time.sleep(seconds)

    def read(self, location: str = "discord:general") -> list[Document | Skipped]:
        found = read_source(location, "s", channels={"discord": self.channels})
        return [item for item in found if isinstance(item, Document | Skipped)]

    def documents(self, location: str = "discord:general") -> list[Document]:
        return [item for item in self.read(location) if isinstance(item, Document)]

    def question(
        self, asker: Person, room: Room | None, span: Span | None = None, *, alone: bool = False
    ) -> Question:
        thread = room.id if room and room.parent else ""
        channel = (room.parent or room.id) if room else "1"
        place = {"platform": "discord", "workspace": self.guild if room else "@me", "channel": channel}
        return Question(
            key=QuestionKey(**place, message="1"),
            address=Address(**place, thread=thread, message="1", handle=asker.id if alone else ""),
            asker=Asker(id=asker.id),
            text="?",
            span=span,
        )

    def groups(self, asker: Person, room: Room | None, *, alone: bool = False) -> set[str]:
        """The groups beside everybody's that can see a reply there."""
        first, *others = self.channels.audience(self.question(asker, room, alone=alone)).groups
        assert first == EVERYONE
        return set(others)

    def told(
        self, asker: Person, room: Room, span: Span | None = None, *, alone: bool = True, most: int = 50
    ) -> Transcript:
        return self.channels.transcript(self.question(asker, room, span, alone=alone), most)


@pytest.fixture
def town() -> Iterator[Town]:
    with DiscordSimulator() as discord:
        discord.limits.off()
        yield Town(discord)


def said(transcript: Transcript) -> list[str]:
    return [each.text for each in transcript.said]


def test_threads_and_each_days_messages_are_documents_that_lead_to_the_message(town: Town) -> None:
    root = town.ana.say(town.general, PLAN)
    thread = town.ana.open_thread(root, "Release")
    town.ben.say(thread, REVIEW)
    party = town.ben.say(town.general, PARTY)
    day, talk = sorted(town.documents(), key=lambda document: "garden" not in document.text)
    assert f"Ana: {PLAN}" in talk.text
    assert f"Ben: {REVIEW}" in talk.text
    assert PLAN not in day.text
    assert day.link == f"https://discord.com/channels/{town.guild}/{town.general.id}/{party.id}"
    assert talk.link.startswith(f"https://discord.com/channels/{town.guild}/{thread.id}/")
    assert talk.readers == day.readers == (f"discord:{town.guild}",)


def test_a_forums_posts_and_archived_threads_are_read(town: Town) -> None:
    forum = town.discord.channel("help", FORUM)
    post = town.ana.post(forum, "Release", PLAN)
    town.ben.say(post, REVIEW)
    town.ben.archive(post)
    [document] = town.documents("discord:help")
    assert PLAN in document.text
    assert REVIEW in document.text


def test_messages_of_bots_are_left_out_and_counted_in_the_report(town: Town) -> None:
    robot = town.discord.person("Robot", is_bot=True)
    robot.say(town.general, "Build 4711 is green.")
    town.ana.say(town.general, PLAN)
    document, skipped = town.read()
    assert isinstance(document, Document)
    assert "4711" not in document.text
    assert isinstance(skipped, Skipped)
    assert skipped.reason == "1 of bots and notices are left out"


def test_private_threads_are_no_source(town: Town) -> None:
    private = town.ana.open_thread(town.general, "Secret", private=True)
    town.ana.invite(town.discord.world.bot, private)
    town.ana.say(private, PARTY)
    assert town.documents() == []


def test_a_sync_waits_where_discord_asks_for_it_and_a_question_does_not(town: Town) -> None:
    town.ana.say(town.general, PLAN)
    history = "GET /channels/{channel_id}/messages"
    town.discord.api.fail(history, Fault(429, retry_after=0.2))
    assert len(town.documents()) == 1
    assert sum(town.waits) == pytest.approx(0.2, abs=0.1)
    town.discord.api.fail(history, Fault(429, retry_after=0.2))
    with pytest.raises(Unavailable):
        town.told(town.ana, town.general, Span(since="today"))


def test_a_source_is_named_by_id_or_name_and_must_be_there(town: Town) -> None:
    town.ana.say(town.general, PLAN)
    for location in ("discord:general", f"discord:{town.general.id}", f"discord:{town.guild}/general"):
        assert len(town.documents(location)) == 1
    with pytest.raises(Misconfigured, match=r"^discord:nowhere: there is no channel"):
        town.documents("discord:nowhere")
    with pytest.raises(Misconfigured, match=r"^discord:1/general: "):
        town.documents("discord:1/general")


def test_a_channel_that_is_closed_to_anybody_is_for_those_who_may_see_it(town: Town) -> None:
    leads = town.discord.role("Leads")
    closed = town.discord.channel("board", only=(leads,))
    eve, root = town.discord.person("Eve", leads), town.discord.person("Root", admin=True)
    town.ana.say(town.general, PLAN)
    eve.say(closed, PARTY)
    [document] = town.documents("discord:board")
    own = f"discord:{town.guild}/{closed.id}"
    assert document.readers == (own,)
    everybody = f"discord:{town.guild}"
    assert town.groups(town.ana, town.general) == {everybody}
    assert town.groups(eve, town.general) == {everybody}
    assert town.groups(eve, closed) == {everybody, own}
    assert town.groups(eve, town.general, alone=True) == {everybody, own}
    assert town.groups(root, town.general, alone=True) == {everybody, own}
    assert town.groups(town.ana, town.general, alone=True) == {everybody}
    assert town.groups(eve, None) == {everybody, own}
    assert town.groups(town.discord.person("Stranger", stranger=True), None) == set()


def test_one_person_who_is_kept_out_closes_a_channel(town: Town) -> None:
    town.general.overwrites[town.ben.id] = Overwrite(town.ben.id, 1, deny=permissions.VIEW_CHANNEL)
    own = f"discord:{town.guild}/{town.general.id}"
    town.ana.say(town.general, PLAN)
    [document] = town.documents()
    assert document.readers == (own,)
    assert own in town.groups(town.ana, town.general, alone=True)
    assert own not in town.groups(town.ben, town.discord.channel("other"), alone=True)


def test_what_was_said_in_a_channel_is_read_since_a_moment_and_since_a_message(town: Town) -> None:
    town.ana.say(town.general, PLAN)
    second = town.ben.say(town.general, REVIEW)
    town.ben.say(town.general, PARTY)
    assert said(town.told(town.ana, town.general, Span(since="today"))) == [PLAN, REVIEW, PARTY]
    assert said(town.told(town.ana, town.general, Span())) == [REVIEW, PARTY]
    first = Span(channel=town.general.id, first=second.id)
    assert said(town.told(town.ben, town.general, first)) == [REVIEW, PARTY]
    assert town.told(town.ben, town.general, Span(since="once")).refusal.startswith("I do not understand")
    short = town.told(town.ana, town.general, Span(since="today"), most=2)
    assert (said(short), short.left_out) == ([REVIEW, PARTY], "all that is older")


def test_a_thread_is_read_with_the_message_that_it_was_opened_at(town: Town) -> None:
    thread = town.ana.open_thread(town.ana.say(town.general, PLAN), "Release")
    town.ben.say(thread, f"<@{town.ana.id}> {REVIEW}")
    assert said(town.told(town.ana, thread)) == [PLAN, f"@Ana {REVIEW}"]


def test_a_channel_is_summarised_for_those_alone_who_may_see_it(town: Town) -> None:
    leads = town.discord.role("Leads")
    closed = town.discord.channel("board", only=(leads,))
    eve = town.discord.person("Eve", leads)
    eve.say(closed, PARTY)
    span = Span(channel="#board", since="today")
    assert said(town.told(eve, town.general, span)) == [PARTY]
    assert town.told(town.ana, town.general, span).refusal.startswith("You cannot see")
    assert town.told(eve, town.general, span, alone=False).refusal.startswith("I summarise another")
    assert town.told(eve, town.general, Span(channel="nowhere")).refusal.startswith("I know no channel")


def test_a_thread_of_another_channel_is_not_read(town: Town) -> None:
    leads = town.discord.role("Leads")
    closed = town.discord.channel("board", only=(leads,))
    eve = town.discord.person("Eve", leads)
    thread = eve.open_thread(eve.say(closed, PARTY), "Party")
    span = Span(channel=town.general.id, thread=thread.id)
    assert town.told(town.ana, town.general, span).refusal.startswith("I cannot read")


def test_a_file_is_fetched_from_discord_and_from_nowhere_else(town: Town) -> None:
    message = town.ana.say(town.general, "see", files={"plan.txt": b"moved to Monday"})
    told = message.files[0].to_json(town.discord.clock.now())
    file = File(id=told["id"], name="plan.txt", media_type="text/plain", size=15, url=told["url"])
    place = Address(platform="discord", workspace=town.guild, channel=town.general.id)
    got = town.channels.fetch(place, file, most=100, seconds=5)
    assert got.data == b"moved to Monday"
    for url in ("http://127.0.0.1:1/x", "https://cdn.discordapp.com.evil.example/x", "file:///etc/passwd"):
        with pytest.raises(NotFetched, match="does not lie on Discord"):
            town.channels.fetch(place, file.model_copy(update={"url": url}), most=100, seconds=5)
    with pytest.raises(NotFetched, match="larger"):
        town.channels.fetch(place, file.model_copy(update={"size": 0}), most=4, seconds=5)
    with pytest.raises(NotFetched, match="gone"):
        town.channels.fetch(place, file.model_copy(update={"url": told["url"] + "0"}), most=100, seconds=5)


def test_nobody_is_looked_up_where_no_channel_is_a_source(town: Town) -> None:
    quiet = replace(town.channels, has_sources=lambda: False)
    before = len(town.discord.requests)
    assert quiet.audience(town.question(town.ana, town.general)).groups == (EVERYONE,)
    assert len(town.discord.requests) == before
