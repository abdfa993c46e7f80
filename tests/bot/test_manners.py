"""Which messages are meant for Candor, on any platform."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.manners import MOST_HOPS, Heard, Manners, asks
from core.channels import ChannelSettings, Listening
from core.messages import Address, Asker, Question, QuestionKey
from core.settings import HomeSettings
from ledger.attention import Attention
from ledger.engine import LedgerSettings, open_ledger
from ledger.threads import Threads
from ledger.turns import Turns

PLACE = {"platform": "slack", "workspace": "T1", "channel": "C1"}
THREAD = Address(**PLACE, thread="1")
SAID = Heard(author="ana", text="the key is gone", threaded=True)


class Channel:
    """A channel's threads, and what Candor makes of what is said there."""

    def __init__(self, folder: Path) -> None:
        self.engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=folder))
        self.turns = Turns(self.engine)
        self.manners = Manners(Threads(self.engine), Attention(self.engine))
        self.settings = ChannelSettings()
        self.asked = 0

    def hears(self, heard: Heard) -> bool:
        """Whether Candor takes a message; what it takes is in the ledger, as its ingress would have it."""
        meant = self.manners.heeds(THREAD, heard, self.settings)
        if meant:
            self.asked += 1
            self.turns.insert(
                Question(
                    key=QuestionKey(**PLACE, message=str(self.asked)),
                    address=THREAD.model_copy(update={"message": str(self.asked)}),
                    asker=Asker(id=heard.author, bot=heard.bot),
                    text=heard.text,
                )
            )
        return meant

    def says(self, author: str, text: str, *, named: bool = False, others: bool = False) -> bool:
        return self.hears(replace(SAID, author=author, text=text, named=named, others=others))


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    made = Channel(tmp_path)
    yield made
    made.engine.dispose()


def listening(channel: Channel, how: Listening) -> Channel:
    channel.settings = ChannelSettings(listening=how)
    return channel


@pytest.mark.parametrize("how", list(Listening))
def test_a_mention_is_heard_unless_the_channel_is_off(channel: Channel, how: Listening) -> None:
    said = replace(SAID, named=True, threaded=False)
    assert listening(channel, how).hears(said) == (how is not Listening.OFF)


@pytest.mark.parametrize("how", list(Listening))
def test_a_direct_message_is_heard_whatever_a_channel_says(channel: Channel, how: Listening) -> None:
    assert listening(channel, how).hears(replace(SAID, direct=True))


@pytest.mark.parametrize(
    ("how", "heard"),
    [
        (Listening.OFF, False),
        (Listening.MENTION, False),
        (Listening.FOLLOW, False),
        (Listening.QUESTIONS, True),
    ],
)
def test_a_question_to_the_whole_channel_is_answered_where_that_is_wanted(
    channel: Channel, how: Listening, heard: bool
) -> None:
    listening(channel, how)
    assert channel.hears(replace(SAID, text="where is the key?", threaded=False)) == heard
    assert not channel.hears(replace(SAID, text="lunch is here", threaded=False))
    assert not channel.hears(replace(SAID, text="ben, where are you?", threaded=False, others=True))


def test_only_mentions_are_heard_where_that_is_wanted(channel: Channel) -> None:
    listening(channel, Listening.MENTION)
    assert channel.says("ana", "where is the key?", named=True)
    assert not channel.says("ana", "and the spare one?")


def test_a_thread_is_followed_as_long_as_it_is_asked(channel: Channel) -> None:
    assert not channel.says("ana", "where is the key?")
    assert channel.says("ana", "where is the key?", named=True)
    assert channel.says("ana", "the one of the front door")
    assert channel.says("ben", "and the spare one?")
    assert channel.says("ben", "the small one I mean")


def test_thanks_of_somebody_else_is_no_question(channel: Channel) -> None:
    channel.says("ana", "where is the key?", named=True)
    assert not channel.says("ben", "thanks, that helps")
    assert channel.says("ben", "and the spare one?")


def test_two_people_in_a_row_who_ask_nothing_talk_among_themselves(channel: Channel) -> None:
    channel.says("ana", "where is the key?", named=True)
    assert not channel.says("ben", "I have it")
    assert not channel.says("ana", "good, bring it along")
    assert not channel.says("ben", "when do we meet?")
    assert channel.says("ana", "where is the spare one?", named=True)
    assert channel.says("ben", "and the third?")


def test_a_message_to_somebody_else_ends_it_until_a_mention(channel: Channel) -> None:
    channel.says("ana", "where is the key?", named=True)
    assert not channel.says("ana", "ben, do you have it?", others=True)
    assert not channel.says("ana", "or does anybody else?")
    assert channel.says("ana", "say it again", named=True)


def test_what_is_delivered_twice_is_decided_alike(channel: Channel) -> None:
    channel.says("ana", "where is the key?", named=True)
    assert [channel.says("ben", "thanks") for _ in range(3)] == [False] * 3
    assert channel.says("ana", "and the spare one?")


def test_two_bots_that_answer_each_other_end_after_two_replies(channel: Channel) -> None:
    robot = replace(SAID, author="robot", text="where is the key?", named=True, bot=True)
    assert not channel.hears(robot)
    channel.settings = ChannelSettings(bots=True)
    assert [channel.hears(robot) for _ in range(4)] == [True] * MOST_HOPS + [False] * 2
    assert channel.says("ana", "where is the key?", named=True)
    assert [channel.hears(robot) for _ in range(4)] == [True] * MOST_HOPS + [False] * 2


def test_a_bot_is_heard_by_its_mention_alone(channel: Channel) -> None:
    channel.settings = ChannelSettings(bots=True, listening=Listening.QUESTIONS)
    channel.says("ana", "where is the key?", named=True)
    assert not channel.hears(replace(SAID, author="robot", text="where is the key?", bot=True))
    assert not channel.hears(replace(SAID, author="robot", text="hello?", bot=True, direct=True))


@pytest.mark.parametrize(
    "text", ["where?", "where? Thanks", "“where?”", "どこですか\uff1f", "أين\u061f", "*where?*"]
)
def test_a_question_mark_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["", "thanks", "see https://example.com/?q=1&r=2", "a?b"])
def test_a_question_mark_within_a_word_does_not(text: str) -> None:
    assert not asks(text)
