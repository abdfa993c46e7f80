"""Slack as a source: threads as documents, for those who may read the channel, equal to it at each sync."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.platforms.slack.calls import SlackCalls
from bot.platforms.slack.settings import SlackSettings
from bot.platforms.slack.source import SlackChannels, open_channels
from bot.platforms.slack.words import conversations, day
from bot.simulators.slack import App, Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel as Room
from core.documents import Document
from core.errors import Misconfigured, Unavailable
from core.messages import EVERYONE, Address, Asker, Outcome, Question, QuestionKey
from core.queue import forget_job
from retrieval.index import Coverage, Index
from retrieval.loaders import Skipped
from retrieval.search import Query, Search
from retrieval.sources import count, is_channel, read_source
from retrieval.stores.embedded import EmbeddedStore
from tests.bot.platforms.slack.bench import MANIFEST, Bench, slack_settings
from tests.bot.platforms.slack.wire import problems
from tests.workers.answering.parts import Library, chunk

PLAN = "The release moves to Monday because the database is not ready yet."
REVIEW = "Then somebody has to tell the customers about the release before Friday."
PARTY = "The summer party will be in the garden of the museum."


class Town:
    """A workspace that is read as a source into a real index."""

    def __init__(self, slack: SlackSimulator, folder: Path) -> None:
        self.slack = slack
        self.team = slack.workspace.id
        self.waits: list[float] = []
        self.channels = SlackChannels(SlackCalls(slack_settings(slack)), pause=self.waits.append)
        self.ana, self.ben = slack.person("Ana"), slack.person("Ben")
        self.general = slack.workspace.channel("general", self.ana.user, self.ben.user)
        self.store = EmbeddedStore(folder / "index")
        self.index, self.search = Index(self.store, None), Search(self.store, None)

    def read(self, location: str = "slack:general") -> list[Document | Skipped]:
        return list(read_source(location, "s", channels={"slack": self.channels}))

    def documents(self, location: str = "slack:general") -> list[Document]:
        return [item for item in self.read(location) if isinstance(item, Document)]

    def sync(self, location: str = "slack:general") -> Coverage:
        return self.index.sync("s", read_source(location, "s", channels={"slack": self.channels}))

    def found(self, words: str, *groups: str) -> list[str]:
        query = Query(words, groups or (f"slack:{self.team}",))
        return [passage.chunk.text for passage in self.search.find(query)]

    def groups(self, asker: Person, room: Room, *, handle: str = "") -> tuple[str, ...]:
        """The groups beside everybody's that can see a reply there."""
        place = {"platform": "slack", "workspace": self.team, "channel": room.id}
        question = Question(
            key=QuestionKey(**place, message="1"),
            address=Address(**place, thread="1", message="1", handle=handle),
            asker=Asker(id=asker.id),
            text="?",
        )
        first, *others = self.channels.audience(question).groups
        assert first == EVERYONE
        return tuple(others)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with SlackSimulator(App.from_manifest(yaml.safe_load(MANIFEST.read_text()))) as slack:
        slack.limits.off()
        made = Town(slack, tmp_path)
        yield made
        assert problems(slack.requests) == []
        made.store.close()


def test_a_thread_and_a_days_messages_are_documents_that_lead_to_the_message(town: Town) -> None:
    root = town.ana.say(town.general, PLAN)
    town.ben.say(town.general, REVIEW, thread=root)
    party = town.ben.say(town.general, PARTY)
    thread, day = sorted(town.documents(), key=lambda document: "garden" in document.text)
    assert thread.title == day.title == "#general"
    assert f"ana: {PLAN}" in thread.text
    assert f"ben: {REVIEW}" in thread.text
    assert day.text.endswith(f"ben: {PARTY}")
    home = f"https://{town.slack.workspace.domain}.slack.com/archives/{town.general.id}"
    assert thread.link == f"{home}/p{root.ts.replace('.', '')}"
    assert day.link == f"{home}/p{party.ts.replace('.', '')}"
    assert day.date in day.text


def test_a_reply_that_is_shown_in_the_channel_too_is_read_once(town: Town) -> None:
    root = town.ana.say(town.general, PLAN)
    town.ben.say(town.general, REVIEW, thread=root, broadcast=True)
    (document,) = town.documents()
    assert document.text.count(REVIEW) == 1


def test_messages_of_bots_are_left_out_and_counted_in_the_report(town: Town) -> None:
    robot = town.slack.person("Robot", is_bot=True)
    town.slack.workspace.join(town.general, robot.user)
    root = town.ana.say(town.general, PLAN)
    robot.say(town.general, "Build 4711 is green.", thread=root)
    coverage = town.sync()
    assert (coverage.found, coverage.indexed) == (2, 1)
    assert [(item.path, item.reason) for item in coverage.skipped] == [
        ("messages", "2 of bots, notices and deleted ones are left out")
    ]
    assert not any("4711" in text for text in town.found("build 4711 green"))


def test_what_is_edited_or_deleted_follows_with_the_next_sync(town: Town) -> None:
    root = town.ana.say(town.general, PLAN)
    review = town.ben.say(town.general, REVIEW, thread=root)
    secret = town.ben.say(town.general, "The passphrase is heliotrope.", thread=root)
    town.sync()
    assert any("heliotrope" in text for text in town.found("passphrase heliotrope"))
    town.ben.delete(secret)
    town.ben.edit(review, "Then Carla tells the customers.")
    town.sync()
    texts = " ".join(town.found("passphrase heliotrope customers release"))
    assert "heliotrope" not in texts
    assert "Carla" in texts
    assert REVIEW not in texts
    town.ana.delete(root)
    town.ben.delete(review)
    assert town.sync().chunks == 0


def test_a_conversation_in_which_something_was_deleted_leaves_the_index_at_once(town: Town) -> None:
    root = town.ana.say(town.general, PLAN)
    secret = town.ben.say(town.general, "The passphrase is heliotrope.", thread=root)
    party = town.ben.say(town.general, PARTY)
    town.sync()
    town.index.forget("s", conversations(secret.ts, root.ts))
    assert town.found("passphrase heliotrope release") == []
    assert len(town.found("summer party garden")) == 1
    town.index.forget("s", conversations(party.ts, ""))
    assert town.found("summer party garden") == []
    town.ben.delete(secret)
    assert town.sync().indexed == 1
    assert "The release moves" in " ".join(town.found("release Monday party"))


@pytest.mark.parametrize("threaded", [True, False])
def test_a_deletion_where_a_channel_is_a_source_is_handed_to_a_worker(idle: Bench, *, threaded: bool) -> None:
    team, room = idle.slack.workspace.id, idle.general
    source = idle.books.sources.add(f"slack:{team}/{room.id}", (f"slack:{team}",))
    root = idle.ana.say(room, PLAN)
    gone = idle.ben.say(room, REVIEW, thread=root if threaded else None)
    idle.ben.delete(gone)
    assert idle.slack.settle()
    expected = (root.ts,) if threaded else (gone.ts, day(gone.ts))
    assert idle.queue.jobs == [forget_job(source.id, expected)]


def test_a_deletion_elsewhere_is_nobodys_business(idle: Bench) -> None:
    idle.ana.delete(idle.ana.say(idle.general, PLAN))
    assert idle.slack.settle()
    assert idle.queue.jobs == []


def test_a_channel_that_did_not_change_is_not_indexed_again(town: Town) -> None:
    root = town.ana.say(town.general, PLAN)
    town.ben.say(town.general, REVIEW, thread=root)
    town.ben.say(town.general, PARTY)
    assert town.sync().indexed == 2
    again = town.sync()
    assert (again.indexed, again.unchanged, again.deleted) == (0, 2, 0)


def test_it_waits_as_long_as_slack_asks_and_loses_nothing(town: Town) -> None:
    root = town.ana.say(town.general, PLAN)
    town.ben.say(town.general, REVIEW, thread=root)
    town.slack.limits.refuse("conversations.history", times=2, retry_after=3)
    town.slack.limits.refuse("conversations.replies", times=1, retry_after=7)
    assert town.sync().indexed == 1
    assert town.waits == [3.0, 3.0, 7.0]


def test_it_gives_up_when_slack_never_stops_asking_to_wait(town: Town) -> None:
    town.slack.limits.refuse("conversations.history", times=99, retry_after=1)
    with pytest.raises(Unavailable):
        town.sync()
    assert len(town.waits) == 10


def test_a_sync_that_was_cut_off_is_finished_by_the_next_one(town: Town) -> None:
    for n in range(300):
        root = town.ana.say(town.general, f"{PLAN} Part {n}.")
        town.ben.say(town.general, f"{REVIEW} Part {n}.", thread=root)
    calls, real = threading.Semaphore(290), town.channels.calls

    class Failing(SlackCalls):
        def read(self, method: str, **arguments: object) -> object:  # type: ignore[override]
            if method == "conversations.replies" and not calls.acquire(blocking=False):
                raise Unavailable("Slack does not answer")
            return real.read(method, **arguments)

    town.channels.calls = Failing(slack_settings(town.slack))
    with pytest.raises(Unavailable):
        town.sync()
    town.channels.calls = real
    rest = town.sync()
    assert rest.found == rest.chunks == 300
    assert rest.unchanged >= 256
    assert rest.unchanged + rest.indexed == 300


def test_a_channel_of_several_pages_is_read_whole(town: Town) -> None:
    for n in range(450):
        town.ana.say(town.general, f"Message number {n} of this long day.")
    texts = " ".join(document.text for document in town.documents())
    assert [n for n in range(450) if f"number {n} of" not in texts] == []


def test_a_channel_is_named_by_its_id_its_name_or_behind_its_workspace(town: Town) -> None:
    for name in ("general", "#general", town.general.id, f"{town.team}/{town.general.id}"):
        channel = town.channels.channel(name)
        assert (channel.id, channel.workspace, channel.name) == (town.general.id, town.team, "#general")
    assert channel.public
    assert channel.readers == (f"slack:{town.team}",)


class Installed:
    """The tokens of the one workspace that has installed the app."""

    def __init__(self, slack: SlackSimulator) -> None:
        self._slack = slack

    def token(self, workspace: str) -> str:
        assert workspace == self._slack.workspace.id
        return self._slack.bot_token

    def revoked(self, workspace: str, token: str) -> None:
        raise AssertionError(workspace)


def test_where_several_workspaces_are_installed_one_has_to_be_named(town: Town) -> None:
    several = open_channels(SlackSettings(slack_api_url=town.slack.api_url), Installed(town.slack))
    with pytest.raises(Misconfigured, match="slack:WORKSPACE/general"):
        several.channel("general")
    assert several.channel(f"{town.team}/general").readers == (f"slack:{town.team}",)


def test_the_readers_of_a_private_channel_are_its_members(town: Town) -> None:
    board = town.slack.workspace.channel("board", town.ana.user, private=True)
    town.ana.say(board, "The salaries will be cut in half.")
    town.sync("slack:board")
    group = f"slack:{town.team}/{board.id}"
    assert town.channels.channel("board").readers == (group,)
    assert not town.channels.channel("board").public
    assert town.found("salaries cut", f"slack:{town.team}", EVERYONE) == []
    assert len(town.found("salaries cut", group)) == 1


@pytest.mark.parametrize("name", ["nowhere", "closed", "hidden"])
def test_a_channel_that_candor_is_not_in_is_refused(town: Town, name: str) -> None:
    town.slack.workspace.channel("closed", town.ana.user, with_bot=False)
    town.slack.workspace.channel("hidden", town.ana.user, with_bot=False, private=True)
    with pytest.raises(Misconfigured, match=f"slack:{name}: Candor is in no channel of that name"):
        town.read(f"slack:{name}")


def test_a_source_of_a_platform_that_is_not_connected_says_so() -> None:
    with pytest.raises(Misconfigured, match="CANDOR_SLACK_BOT_TOKEN"):
        list(read_source("slack:general", "s"))


def test_what_is_a_channel_and_what_a_path_or_url() -> None:
    assert is_channel("slack:general")
    assert count("slack:general") is None
    assert not any(map(is_channel, ("https://slack.com", "/srv/slack:general", "notes.md", "C:\\docs")))


def test_a_member_alone_reads_every_public_channel_and_their_own_private_ones(town: Town) -> None:
    board = town.slack.workspace.channel("board", town.ana.user, private=True)
    own = f"slack:{town.team}/{board.id}"
    assert town.groups(town.ana, town.ana.direct()) == (f"slack:{town.team}", own)
    assert town.groups(town.ben, town.ben.direct()) == (f"slack:{town.team}",)
    assert town.groups(town.ana, town.general, handle=f"{town.ana.id}|") == (f"slack:{town.team}", own)


def test_what_a_channel_hears_is_what_all_in_it_may_read(town: Town) -> None:
    board = town.slack.workspace.channel("board", town.ana.user, private=True)
    assert town.groups(town.ana, town.general) == (f"slack:{town.team}",)
    assert town.groups(town.ana, board) == (f"slack:{town.team}/{board.id}", f"slack:{town.team}")


def test_where_a_guest_or_another_workspace_listens_nothing_of_other_channels_is_said(town: Town) -> None:
    guest = town.slack.person("Gus", guest="multi")
    mixed = town.slack.workspace.channel("mixed", town.ana.user, guest.user)
    shared = town.slack.workspace.channel("shared", town.ana.user, shared_with=["T0OTHER"])
    assert town.groups(town.ana, mixed) == ()
    assert town.groups(town.ana, shared) == ()
    assert town.groups(guest, guest.direct()) == ()


def test_what_cannot_be_found_out_opens_nothing(town: Town) -> None:
    for token in town.slack.platform.tokens.of(town.team):
        token.scopes = token.scopes - {"users:read"}
    assert town.groups(town.ana, town.general) == ()
    assert town.groups(town.ana, town.ana.direct()) == ()


def test_without_any_channel_as_a_source_nobody_is_looked_up(town: Town) -> None:
    town.channels.has_sources = lambda: False
    assert town.groups(town.ana, town.general) == ()
    assert town.slack.calls("users.list") == []


def test_an_answer_from_a_private_channel_reaches_its_members_alone(slack: Bench) -> None:
    board = slack.slack.workspace.channel("board", slack.ana.user, private=True)
    group = f"slack:{slack.slack.workspace.id}/{board.id}"
    library = slack.answering.process.search
    assert isinstance(library, Library)
    library._chunks = (chunk("The doorkey lies under the mat.", title="#board", readers=(group,)),)
    for place in (board, slack.ana.direct()):
        slack.answer_to(slack.ana.say(place, "@candor where is the doorkey?"))
    told = len(slack.model.requests)
    for who, place in ((slack.ben, slack.ben.direct()), (slack.ana, slack.general)):
        who.say(place, "@candor where is the doorkey?")
    slack.until(lambda: len(slack.turns.recent()) == 4)
    for turn in slack.settled()[:2]:
        assert turn.state == Outcome.ABSTAINED
        assert turn.answer is not None
        assert "board" not in turn.answer.text
    assert len(slack.model.requests) == told
