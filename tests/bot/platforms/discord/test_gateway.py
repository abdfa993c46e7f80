"""Connections to the gateway: lost, resumed, repeated, sharded, taken over."""

import threading
from pathlib import Path

import pytest

from bot.platforms.discord.ingress import listening
from bot.platforms.discord.ingress.sole import sole
from core.errors import Misconfigured
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.leases import GATEWAY, INDEX, Lease, Leases
from tests.bot.platforms.discord.bench import Bench, bench


def test_what_is_told_again_after_a_resume_is_asked_once(hall: Bench) -> None:
    hall.ana.mention(hall.general, "where is the doorkey?")
    hall.ana.command(hall.general, "/ask", question="where is the doorkey?")
    hall.answer(hall.general, 2)
    hall.discord.gateway.terms.repeat = 4
    for lose in (hall.discord.gateway.drop, hall.discord.gateway.reconnect):
        lose()
        hall.ana.mention(hall.general, "where is the doorkey?")
    hall.answer(hall.general, 4)
    assert len(hall.settled(4)) == 4
    assert len(hall.replies(hall.general)) == 4


def test_it_is_sharded_as_discord_asks_and_hears_each_server_once(tmp_path: Path) -> None:
    with bench(tmp_path, working=False, shards=2) as idle:
        assert idle.where == "gateway, 2 shards"
        assert idle.discord.gateway.wait(2)
        idle.ana.mention(idle.general, "where is the doorkey?")
        idle.ana.say(idle.ana.direct(), "and here?")
        assert idle.until(lambda: len(idle.turns.recent()) == 2)


def test_a_second_one_beside_it_is_refused(idle: Bench) -> None:
    ended = threading.Event()
    with (
        pytest.raises(Misconfigured, match="another process hears with this token"),
        listening(idle.settings, idle.intake, idle.books, idle.desk, idle.leases, ended=ended.set),
    ):
        pass
    assert not ended.is_set()
    assert idle.discord.gateway.wait(1)


@pytest.fixture
def leases(tmp_path: Path) -> Leases:
    engine = open_ledger(LedgerSettings(database_url=""), HomeSettings(home=tmp_path))
    return Leases(engine, lease=3.0)


def test_there_is_one_of_a_name_at_a_time(leases: Leases) -> None:
    with sole(leases, "discord/1", lambda: None) as check:
        with pytest.raises(Misconfigured), sole(leases, "discord/1", lambda: None):
            pass
        with sole(leases, "discord/2", lambda: None):
            check()
    with sole(leases, "discord/1", lambda: None):
        pass


def test_one_that_died_is_waited_for(leases: Leases) -> None:
    assert leases.take(f"{GATEWAY}discord/1")
    with sole(leases, "discord/1", lambda: None) as check:
        check()


def test_one_that_was_taken_over_ends_and_says_so(leases: Leases) -> None:
    ended = threading.Event()
    with sole(leases, "discord/1", ended.set) as check:
        leases.release(Lease(name=f"{GATEWAY}discord/1", attempt=1))
        assert leases.take(f"{GATEWAY}discord/1")
        assert ended.wait(10)
        with pytest.raises(Misconfigured):
            check()


def test_the_index_and_a_gateway_do_not_wait_for_each_other(leases: Leases) -> None:
    with sole(leases, "discord/1", lambda: None):
        assert leases.others() == 0
        assert leases.take(INDEX)
        with sole(leases, "discord/2", lambda: None):
            pass
