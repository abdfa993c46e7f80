"""Channels' settings, and whether Candor is still meant in a thread."""

from sqlalchemy import Engine, text

from core.channels import ChannelSettings, Listening
from core.messages import Address, Manner
from ledger.attention import Attention, Heed
from ledger.channels import Channels
from ledger.transactions import reading

HERE = Address(platform="slack", workspace="T1", channel="C1", thread="1")
SET = ChannelSettings(listening=Listening.OFF, manner=Manner(tone="dry"))


def test_a_channel_that_nobody_set_has_the_defaults(engine: Engine) -> None:
    assert Channels(engine).of(HERE) == ChannelSettings()


def test_settings_are_those_of_one_channel_in_one_workspace(engine: Engine) -> None:
    channels = Channels(engine)
    channels.set(HERE, SET, by="U1")
    assert Channels(engine).of(HERE.model_copy(update={"thread": "other"})) == SET
    for elsewhere in ({"channel": "C2"}, {"workspace": "T2"}, {"platform": "discord"}):
        assert channels.of(HERE.model_copy(update=elsewhere)) == ChannelSettings()


def test_settings_are_replaced_and_who_did_so_is_kept(engine: Engine) -> None:
    channels = Channels(engine)
    channels.set(HERE, SET, by="U1")
    channels.set(HERE, ChannelSettings(bots=True), by="U2")
    assert Channels(engine).of(HERE) == ChannelSettings(bots=True)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT changed_by FROM channels")).scalar_one() == "U2"


def test_what_another_process_changes_counts_once_it_is_asked_for_again(engine: Engine) -> None:
    here, patient, eager = Channels(engine), Channels(engine, seconds=60), Channels(engine, seconds=0)
    assert patient.of(HERE) == eager.of(HERE) == ChannelSettings()
    here.set(HERE, SET, by="U1")
    assert here.of(HERE) == eager.of(HERE) == SET
    assert patient.of(HERE) == ChannelSettings()


def test_how_it_stands_with_a_thread_is_kept_for_it_alone(engine: Engine) -> None:
    attention = Attention(engine)
    assert attention.of(HERE) == Heed()
    attention.set(HERE, Heed(talker="U1"))
    attention.set(HERE, Heed(hushed=True))
    assert attention.of(HERE) == Heed(hushed=True)
    assert attention.of(HERE.model_copy(update={"thread": "2"})) == Heed()
