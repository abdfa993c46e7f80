"""How soon Discord's commands are deferred, and how soon a mention is answered, beside a minimal bot.

Run it with `python -m benchmarks.discord [--commands N] [--answers N]`. Discord is the simulator, the model
is scripted; `candor bot discord` and `candor worker` are processes of their own, with a Redis and SQLite, as
is the other bot, `benchmarks/discord_rival.py`. Prints Markdown tables, in milliseconds.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.platforms.discord.render import NOTICE
from bot.simulators.discord import DiscordSimulator
from bot.simulators.discord.state.interactions import DEFERRED
from bot.simulators.discord.state.messages import Message
from tests.cli.candor import Candor, read_until, stop
from tests.servers.openai_server import OpenAIServer
from tests.servers.redis_server import RedisServer
from tests.servers.scripts import Say

_PATIENCE = 30.0
_ROOMS = ("hall", "cellar", "attic", "garage", "office", "kitchen", "library", "workshop", "garden", "shed")
_FACTS = [f"The key of the {room} hangs on hook {n + 1} behind the door." for n, room in enumerate(_ROOMS)]
_PAUSE = 0.02
_DONE = "-# done"
_LAST = b"[1]"
"""What the last word of each sentence carries, and so the last token of an answer."""


class _Model(OpenAIServer):
    """A scripted model that remembers when it had said everything."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = 0.0

    def answer(self, handler: Any, body: dict[str, Any]) -> None:
        send = handler.chunk

        def timed(data: bytes) -> None:
            send(data)
            if _LAST in data:
                self.ended = time.perf_counter()

        handler.chunk = timed
        super().answer(handler, body)


@dataclass
class _Timings:
    """Seconds from question to first text, to finished answer, and from the last token to that."""

    first: list[float] = field(default_factory=list)
    finished: list[float] = field(default_factory=list)
    tail: list[float] = field(default_factory=list)


@contextmanager
def _installed(discord: DiscordSimulator) -> Iterator[Candor]:
    with tempfile.TemporaryDirectory() as folder, RedisServer() as redis:
        discord.limits.off()
        yield Candor(Path(folder) / "home", Path(folder)).set(
            broker_url=redis.url,
            embedder="none",
            reranker="none",
            discord_api_url=discord.api_url,
            discord_gateway_url=discord.gateway_url,
            discord_token=discord.app.token,
        )


def deferrals(commands: int) -> tuple[list[float], int, float]:
    """Seconds until each command was deferred, how many were not, and how long the whole burst took."""
    with DiscordSimulator() as discord, _installed(discord) as candor:
        people = [discord.person(f"Person {n}") for n in range(50)]
        general = discord.channel("general")
        with candor.running("bot", "discord") as bot:
            read_until(bot.stdout, "Hearing Discord: gateway.")
            began = time.perf_counter()
            used = [
                people[n % len(people)].command(general, "/ask", question=f"where is key {n}?")
                for n in range(commands)
            ]
            discord.wait_for(lambda: all(each.answer or each.failed for each in used), _PATIENCE)
            took = time.perf_counter() - began
            stop(bot)
        deferred = [each.seconds for each in used if each.answer == DEFERRED]
        return deferred, commands - len(deferred), took


def candors(answers: int) -> _Timings:
    """How soon Candor answers, from documents and with its checks."""
    with DiscordSimulator() as discord, _installed(discord) as installed, _Model() as model:
        candor = installed.set(
            openai_base_url=model.base_url, openai_api="chat", model_strong="openai:scripted"
        )
        (candor.folder / "keys.md").write_text("# Keys\n\n" + " ".join(_FACTS))
        candor.done("ingest", str(candor.folder / "keys.md"))
        with candor.running("bot", "discord") as bot, candor.worker():
            read_until(bot.stdout, "Hearing Discord: gateway.")
            return _asked(discord, model, answers, lambda message: NOTICE in message.content)


def rivals(answers: int) -> _Timings:
    """How soon the minimal bot answers, from nothing."""
    with DiscordSimulator() as discord, _Model() as model:
        discord.limits.off()
        line = ["-m", "benchmarks.discord_rival", discord.api_url, discord.gateway_url]
        with subprocess.Popen(
            [sys.executable, *line, discord.app.token, model.base_url], stdout=subprocess.PIPE, text=True
        ) as rival:
            read_until(rival.stdout, "ready")
            timings = _asked(discord, model, answers, lambda message: _DONE in message.content)
            rival.kill()
        return timings


def _asked(
    discord: DiscordSimulator, model: _Model, answers: int, done: Callable[[Message], bool]
) -> _Timings:
    """Ask one question after another; the first is not counted, since it finds everything cold."""
    timings = _Timings()
    ana, general = discord.person("Ana"), discord.channel("general")
    for n in range(answers + 1):
        model.script(Say(" ".join(f"{fact} [1]" for fact in _FACTS), pause=_PAUSE))
        began = time.perf_counter()
        question = ana.mention(general, f"where are the keys of all rooms? ({n})")

        def reply(asked: Message = question) -> Message | None:
            return next((each for each in ana.sees(general) if each.reference == asked.id), None)

        def begun() -> bool:
            shown = reply()
            return bool(shown and "hook" in shown.content)

        def finished() -> bool:
            shown = reply()
            return bool(shown and done(shown))

        assert discord.wait_for(begun, _PATIENCE), ana.sees(general)
        first = time.perf_counter()
        assert discord.wait_for(finished, _PATIENCE), discord.findings
        end = time.perf_counter()
        if n:
            timings.first.append(first - began)
            timings.finished.append(end - began)
            timings.tail.append(end - model.ended)
    return timings


def _row(name: str, seconds: list[float]) -> str:
    cuts = statistics.quantiles(seconds, n=100)
    figures = (statistics.median(seconds), cuts[94], cuts[98], max(seconds))
    return f"| {name} | {len(seconds)} | " + " | ".join(f"{value * 1000:.0f}" for value in figures) + " |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=500)
    parser.add_argument("--answers", type=int, default=20)
    given = parser.parse_args()
    print("| what | n | p50 ms | p95 ms | p99 ms | longest ms |\n|---|---|---|---|---|---|")
    seconds, refused, took = deferrals(given.commands)
    print(_row("command to deferral, in a burst", seconds))
    ours, theirs = candors(given.answers), rivals(given.answers)
    for name, timings in (("Candor", ours), ("minimal bot", theirs)):
        print(_row(f"{name}: question to first text", timings.first))
        print(_row(f"{name}: question to finished answer", timings.finished))
        print(_row(f"{name}: last token to finished answer", timings.tail))
    first = statistics.median(ours.first) / statistics.median(theirs.first)
    whole = statistics.median(ours.finished) / statistics.median(theirs.finished)
    print(f"\n{refused} commands not deferred, {given.commands / took:.0f} a second.")
    print(f"Candor to the minimal bot: first text {first:.2f}, finished answer {whole:.2f}.")


if __name__ == "__main__":
    main()
