"""discord.py itself, unpatched, in a thread with its own event loop."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self, TypeVar

import discord
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.simulators.discord import DiscordSimulator

T = TypeVar("T")

GUILD_READY = 0.05
"""Seconds that discord.py waits for further guilds before it calls itself ready."""


@contextmanager
def pointed_at(simulator: DiscordSimulator) -> Iterator[None]:
    """discord.py's two addresses, which are attributes of its classes and no parameters."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE = simulator.api_url
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(simulator.gateway_url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


def usual_intents() -> discord.Intents:
    intents = discord.Intents.default()
    intents.message_content = True
    return intents


class Client(discord.Client):
    """Keeps what it hears, by the name of the event."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(intents=intents or usual_intents(), guild_ready_timeout=GUILD_READY)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[tuple[str, Any]] = []
        self.changed = threading.Condition()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        super().dispatch(event, *args, **kwargs)
        with self.changed:
            self.heard.append((event, args[0] if args else None))
            self.changed.notify_all()

    def all(self, event: str) -> list[Any]:
        with self.changed:
            return [one for name, one in self.heard if name == event]

    def next(self, event: str, count: int = 1, seconds: float = 10.0) -> Any:
        """The newest of so many events of a name, waited for."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.all(event)) >= count, seconds), self.heard
            return self.all(event)[count - 1]


class Running:
    """A client at work, from its login to its end."""

    def __init__(self, client: Client | discord.AutoShardedClient, simulator: DiscordSimulator) -> None:
        self.client = client
        self.failure: BaseException | None = None
        self._simulator = simulator
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._pointed = pointed_at(self._simulator)
        self._pointed.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._thread.is_alive():
            self.call(self.client.close)
        self._thread.join(10)
        self._pointed.__exit__(None, None, None)
        assert not self._thread.is_alive()

    def call(self, deed: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> T:
        """Do something in the client's loop."""

        async def do() -> T:
            return await deed(*args, **kwargs)

        return asyncio.run_coroutine_threadsafe(do(), self._loop).result(20)

    def ended(self) -> BaseException | None:
        """Wait until the client has given up; what it raised."""
        self._thread.join(10)
        assert not self._thread.is_alive()
        return self.failure

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._start())
            except Exception as failure:  # noqa: BLE001 - told by `ended`
                self.failure = failure

    async def _start(self) -> None:
        async with self.client:
            await self.client.start(self._simulator.app.token)
