"""The whole way: Discord, a gateway process, a real Redis, worker processes, and death in between."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.platforms.discord.ingress.interactions import THANKS
from bot.platforms.discord.render import NOTICE
from bot.simulators.discord import DiscordSimulator, Person
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.messages import Message
from tests.bot.platforms.discord.bench import button
from tests.cli.candor import Candor, eventually, read_until, stop
from tests.servers.redis_server import RedisServer

PAGE = "# Keys\n\n## Where is the doorkey?\n\nThe doorkey lies under the mat.\n"
READY = "Hearing Discord: gateway."


@pytest.fixture
def discord() -> Iterator[DiscordSimulator]:
    with DiscordSimulator() as running:
        running.limits.off()
        yield running


@pytest.fixture
def ana(discord: DiscordSimulator) -> Person:
    return discord.person("Ana")


@pytest.fixture
def general(discord: DiscordSimulator) -> Channel:
    return discord.channel("general")


@pytest.fixture
def candor(tmp_path: Path, discord: DiscordSimulator) -> Iterator[Candor]:
    (tmp_path / "keys.md").write_text(PAGE)
    with RedisServer() as redis:
        made = Candor(tmp_path / "home", tmp_path).set(
            broker_url=redis.url,
            embedder="none",
            lease_seconds="2",
            discord_api_url=discord.api_url,
            discord_gateway_url=discord.gateway_url,
            discord_token=discord.app.token,
        )
        made.done("ingest", str(tmp_path / "keys.md"))
        yield made


def replies(discord: DiscordSimulator, ana: Person, channel: Channel) -> list[Message]:
    return [message for message in ana.sees(channel) if message.author == discord.app.id]


def ended(discord: DiscordSimulator, ana: Person, channel: Channel, count: int) -> bool:
    said = replies(discord, ana, channel)
    return len(said) >= count and all(NOTICE in message.content for message in said)


def test_what_a_worker_loads_to_speak_knows_no_discord_py() -> None:
    loaded = "import cli.bootstrap.worker, bot.platforms.discord.egress, sys; print(*sys.modules)"
    modules = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, text=True, check=True
    ).stdout
    assert "bot.platforms.discord.egress" in modules.split()
    assert "discord" not in modules.split()


def test_mentions_and_commands_are_answered_once_and_buttons_outlive_every_process(
    candor: Candor, discord: DiscordSimulator, ana: Person, general: Channel
) -> None:
    with candor.running("bot", "discord") as bot, candor.worker():
        read_until(bot.stdout, READY)
        question = ana.mention(general, "where is the doorkey?")
        used = ana.command(general, "/ask", question="where is the doorkey?", private=True)
        eventually(lambda: ended(discord, ana, general, 2))
        assert "The doorkey lies under the mat." in used.shown
        assert used.ephemeral
        assert stop(bot) == 0
    with candor.running("bot", "discord") as bot:
        read_until(bot.stdout, READY)
        [reply] = [each for each in replies(discord, ana, general) if each.reference == question.id]
        pressed = ana.press(reply, button(reply, "up"))
        eventually(lambda: pressed.shown == THANKS)
        assert stop(bot) == 0
    assert [turn["outcome"] for turn in candor.object("turns", "list")] == ["answered", "answered"]
    assert discord.findings == []


def test_a_killed_worker_leaves_one_answer(
    candor: Candor, discord: DiscordSimulator, ana: Person, general: Channel
) -> None:
    with candor.running("bot", "discord") as bot:
        read_until(bot.stdout, READY)
        for n in range(4):
            ana.mention(general, f"where is the doorkey? ({n})")
        ana.command(general, "/ask", question="where is the doorkey?")
        eventually(lambda: len(candor.turns()) == 5)
        with candor.worker() as worker:
            eventually(lambda: len(replies(discord, ana, general)) > 1)
            worker.kill()
            worker.wait()
        with candor.worker():
            eventually(lambda: ended(discord, ana, general, 5))
    assert len(replies(discord, ana, general)) == 5


def test_a_second_gateway_on_the_same_token_is_refused(candor: Candor, discord: DiscordSimulator) -> None:
    with candor.running("bot", "discord") as bot:
        read_until(bot.stdout, READY)
        told = candor.refused("bot", "discord")
        assert "CANDOR_DISCORD_TOKEN: another process hears with this token already" in told
        assert discord.gateway.wait(1)
        bot.kill()
        bot.wait()
    with candor.running("bot", "discord") as bot:
        read_until(bot.stdout, READY)
        assert discord.gateway.wait(1)


def test_a_fatal_close_stops_the_process_with_one_line(candor: Candor, discord: DiscordSimulator) -> None:
    with candor.running("bot", "discord") as bot:
        read_until(bot.stdout, READY)
        discord.gateway.drop(4004)
        assert bot.wait(timeout=20) == 1
        assert bot.stderr
        last = bot.stderr.read().strip().splitlines()[-1]
    assert last.startswith(
        "candor: CANDOR_DISCORD_TOKEN: Discord's gateway does not take this token any more"
    )


def test_a_wrong_token_is_one_line(candor: Candor) -> None:
    told = candor.set(discord_token="wrong").refused("bot", "discord")
    assert "CANDOR_DISCORD_TOKEN" in told


def test_a_missing_token_is_one_line(candor: Candor) -> None:
    assert "CANDOR_DISCORD_TOKEN" in candor.set(discord_token="").refused("bot", "discord")


def test_everything_in_one_process_hears_discord_where_its_token_is_set(
    candor: Candor, discord: DiscordSimulator, ana: Person
) -> None:
    whole = candor.set(broker_url="memory://")
    with whole.running("up") as process:
        read_until(process.stdout, READY)
        ana.say(ana.direct(), "where is the doorkey?")
        eventually(lambda: ended(discord, ana, ana.direct(), 1))
        assert stop(process) == 0
    assert len(replies(discord, ana, ana.direct())) == 1


def test_the_doctor_knows_whether_discord_takes_the_token(candor: Candor) -> None:
    found = {each["part"]: each for each in candor.object("doctor")}
    assert (found["discord"]["state"], found["discord"]["text"]) == ("on", "candor, over the gateway")
    told = candor.set(discord_token="wrong").run("doctor", "--json")
    assert told.code == 1
    assert "CANDOR_DISCORD_TOKEN" in told.out
