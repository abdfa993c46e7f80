"""Slack's people and the ledger's groups: what everyone who can see a reply may read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.platforms.slack import audience as rules
from bot.platforms.slack.audience import Readers
from bot.platforms.slack.people import People
from bot.platforms.slack.source import open_channels
from bot.platforms.slack.timeline import Timeline
from bot.simulators.slack import Person
from bot.simulators.slack.state.channels import Channel
from core.errors import LedgerUnavailable
from core.messages import EVERYONE, Address, Asker, Audience, Outcome, Question, QuestionKey
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.groups import Groups, Place
from tests.bot.platforms.slack.bench import Bench
from tests.workers.answering.parts import Library, chunk

PUBLIC = "The doorkey lies under the mat."
"""What everybody may read."""


@pytest.fixture
def groups(slack: Bench, tmp_path: Path) -> Iterator[Groups]:
    engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=tmp_path))
    made = Groups(engine)
    for person in ("ana", "ben"):
        made.add(Place("slack", slack.slack.workspace.id), "staff", f"{person}@example.com")
    made.add(Place("slack", slack.slack.workspace.id), "board", "ana@example.com")
    slack.answering.process.channels["slack"] = open_channels(slack.settings, groups=made)  # type: ignore[index]
    yield made
    engine.dispose()


def audience(slack: Bench, who: Person, room: Channel, handle: str = "") -> Audience:
    place = {"platform": "slack", "workspace": slack.slack.workspace.id, "channel": room.id}
    question = Question(
        key=QuestionKey(**place, message="1"),
        address=Address(**place, thread="1", message="1", handle=handle),
        asker=Asker(id=who.id),
        text="?",
    )
    return slack.answering.process.channels["slack"].audience(question)


def test_a_channel_reads_what_each_of_its_people_may_and_the_asker_alone_what_they_may(
    slack: Bench, groups: Groups
) -> None:
    room = slack.slack.workspace.channel("board", slack.ana.user, slack.ben.user, private=True)
    both = audience(slack, slack.ana, room)
    alone = audience(slack, slack.ana, slack.ana.direct())
    hidden = audience(slack, slack.ana, room, handle=f"{slack.ana.id}|")
    assert both.may_read(["staff"])
    assert not both.may_read(["board"])
    assert alone.may_read(["board"])
    assert hidden.may_read(["board"])


def test_a_public_channel_is_read_by_the_whole_workspace_whoever_is_in_it(
    slack: Bench, groups: Groups
) -> None:
    room = slack.slack.workspace.channel("open", slack.ana.user)
    assert audience(slack, slack.ana, room).may_read(["staff"])
    assert not audience(slack, slack.ana, room).may_read(["board"])


@pytest.mark.parametrize("guest", ["single", "multi"])
def test_a_guest_of_the_workspace_reads_public_channels_too(slack: Bench, groups: Groups, guest: str) -> None:
    slack.slack.person("Gus", guest=guest)  # type: ignore[arg-type]
    assert not audience(slack, slack.ana, slack.general).may_read(["staff"])
    private = slack.slack.workspace.channel("own", slack.ana.user, slack.ben.user, private=True)
    assert audience(slack, slack.ana, private).may_read(["staff"])


def test_a_channel_shared_with_another_workspace_reads_public_sources_only(
    slack: Bench, groups: Groups
) -> None:
    shared = slack.slack.workspace.channel("shared", slack.ana.user, shared_with=["T0OTHER"])
    assert audience(slack, slack.ana, shared) == Audience()


def test_an_address_that_nobody_verified_or_that_is_another_workspaces_opens_nothing(
    slack: Bench, groups: Groups
) -> None:
    slack.ben.user.confirmed = False
    assert not audience(slack, slack.ben, slack.ben.direct()).may_read(["staff"])
    groups.add(Place("slack", slack.slack.workspace.id), "board", "eve@example.com")
    eve = slack.slack.person("Eve", team="T0OTHER")
    assert not audience(slack, eve, eve.direct()).may_read(["board"])


def test_who_leaves_a_group_no_longer_reads_within_a_minute(
    slack: Bench, groups: Groups, monkeypatch: pytest.MonkeyPatch
) -> None:
    from_now = [0.0]
    monkeypatch.setattr(rules.time, "monotonic", lambda: 1e6 + from_now[0])
    assert audience(slack, slack.ana, slack.ana.direct()).may_read(["board"])
    groups.remove(Place("slack", slack.slack.workspace.id), "board", "ana@example.com")
    from_now[0] = 60.0
    assert not audience(slack, slack.ana, slack.ana.direct()).may_read(["board"])


def test_where_the_ledger_does_not_answer_what_is_public_is_left(slack: Bench, groups: Groups) -> None:
    class Down(Groups):
        def any(self, place: Place) -> bool:
            raise LedgerUnavailable("the database is locked")

    readers = Readers(People(), Down(groups._engine))
    place = {"platform": "slack", "workspace": slack.slack.workspace.id, "channel": slack.general.id}
    question = Question(
        key=QuestionKey(**place, message="1"), address=Address(**place), asker=Asker(id="U1"), text="?"
    )
    source = open_channels(slack.settings)
    assert readers.of(question, Timeline(source.calls.at(place["workspace"]))) == Audience()


def test_what_the_channel_may_not_read_is_offered_to_the_asker_alone(slack: Bench, groups: Groups) -> None:
    library = slack.answering.process.search
    assert isinstance(library, Library)
    library._chunks = (
        chunk(PUBLIC),
        chunk("The doorkey of the vault is number seven.", title="Vault", readers=("board",)),
        chunk("The doorkey of the safe is number nine.", title="Safe", readers=("board",)),
    )
    asked = slack.ana.say(slack.general, "@candor where is the doorkey?")
    slack.answer_to(asked)
    slack.ben.say(slack.general, "@candor where is the doorkey, again?")
    direct = slack.ana.direct()

    def offered() -> list[str]:
        return [each.shown for each in slack.ana.sees(direct) if "only you can see" in each.shown]

    slack.until(offered)
    slack.until(lambda: len(slack.turns.recent()) == 2)
    turns = slack.settled()
    assert [len(offered()), offered()[0][:14]] == [1, "2 more sources"]
    assert sorted(turn.answer.withheld for turn in turns if turn.answer) == [0, 2]
    assert not any("only you" in each.shown for each in slack.ben.sees(slack.ben.direct()))
    for turn in turns:
        assert turn.answer is not None
        assert turn.state == Outcome.ANSWERED
        assert "number" not in turn.answer.model_dump_json()
        assert "Vault" not in turn.answer.model_dump_json()
    told = [request.prompt.messages[-1].content for request in slack.model.requests]
    assert not any("number" in text for text in told)
    assert EVERYONE in turns[0].question.audience.groups
