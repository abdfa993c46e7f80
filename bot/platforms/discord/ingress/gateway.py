"""Discord's gateway: discord.py in a thread with its own event loop. The one place that knows discord.py."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.platforms.discord.calls import DiscordCalls
from bot.platforms.discord.ingress import events
from bot.platforms.discord.ingress.hearing import Hearing
from bot.platforms.discord.ingress.interactions import Interactions
from bot.platforms.discord.ingress.said import Place
from bot.platforms.discord.settings import DiscordSettings
from core import log
from core.errors import CandorError, Misconfigured, Unavailable

_log = log.get(__name__)

_THREADS = 8
_READY_SECONDS = 60.0
_GUILD_SECONDS = 0.5
"""How long a further server may take to be told of before the gateway counts as ready."""

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
_FATAL = {
    4004: "CANDOR_DISCORD_TOKEN: Discord's gateway does not take this token any more; set a new one",
    4010: "Discord's gateway refused the shard (4010); start the bot again",
    4011: "Discord's gateway wants more shards (4011); start the bot again, which asks how many",
    4012: "CANDOR_DISCORD_API_URL: Discord's gateway does not speak this version any more (4012)",
    4013: "Discord's gateway does not know the intents (4013); update Candor",
    4014: "Discord's gateway does not grant the intents (4014); see the app's page under Bot",
}


@dataclass(frozen=True, slots=True)
class Ears:
    """Who takes what the gateway tells."""

    hearing: Hearing
    interactions: Interactions
    calls: DiscordCalls


class _Threads:
    """Where events are taken: those of one channel one after another, commands and buttons all at once."""

    def __init__(self) -> None:
        self.at_once = ThreadPoolExecutor(_THREADS, thread_name_prefix="discord-answering")
        self._in_order = [
            ThreadPoolExecutor(1, thread_name_prefix=f"discord-hearing-{n}") for n in range(_THREADS)
        ]

    def of(self, channel: int) -> ThreadPoolExecutor:
        """The one thread for a channel. The lowest 22 bits of an id are no measure of chance."""
        return self._in_order[(channel >> 22) % len(self._in_order)]

    def close(self) -> None:
        """Finish what was begun."""
        for each in (self.at_once, *self._in_order):
            each.shutdown(wait=True)


class Gateway:
    """One connection to the gateway, sharded as Discord asks, from `start` to `stop`."""

    def __init__(
        self,
        settings: DiscordSettings,
        ears: Ears,
        *,
        url: str,
        shards: int,
        content: bool,
        ended: Callable[[], None],
    ) -> None:
        """Prepare a connection.

        Args:
            settings: the token and the addresses.
            ears: who takes what is told.
            url: where the gateway is.
            shards: how many shards Discord asks for.
            content: whether to ask for what messages say that do not mention Candor.
            ended: called when the connection is over although nobody stopped it.
        """
        self.content = content
        self._token = settings.token()
        self._ears = ears
        self._shards = shards
        self._ended = ended
        self._failure: CandorError | None = None
        self._stopping = False
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._client: _Client | None = None
        self._threads = _Threads()
        self._thread = threading.Thread(target=self._run, name="discord-gateway", daemon=True)
        # discord.py has its addresses as attributes of its classes, and no parameter for them.
        Route.BASE = settings.discord_api_url.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)

    def start(self) -> None:
        """Connect, and wait until Discord has told of every server.

        Raises:
            Misconfigured: Discord does not take the token.
            Unavailable: it does not answer.
        """
        self._thread.start()
        ready = self._ready.wait(_READY_SECONDS)
        if self._failure or not ready:
            self.stop()
            self.check()
            raise Unavailable("CANDOR_DISCORD_GATEWAY_URL: Discord's gateway does not answer")

    def stop(self) -> None:
        """Disconnect, and finish what was heard."""
        self._stopping = True
        if self._thread.is_alive() and self._client:
            asyncio.run_coroutine_threadsafe(self._client.close(), self._loop)
        self._thread.join(_READY_SECONDS)
        self._threads.close()

    def check(self) -> None:
        """Raise what ended the connection, if anything did."""
        if self._failure:
            raise self._failure

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(self._connect())
            except Exception as error:  # noqa: BLE001 - the edge: whatever ended the thread has to be told
                self._failure = _meaning(error)
        if not self._stopping:
            self._failure = self._failure or Unavailable("Discord's gateway has closed the connection")
            _log.error("Discord's gateway is lost", error=str(self._failure))
            if self._ready.is_set():
                self._ended()
        self._ready.set()

    async def _connect(self) -> None:
        try:
            await self._connect_once()
        except discord.PrivilegedIntentsRequired:
            if not self.content:
                raise
            self.content = False
            await self._connect_once()

    async def _connect_once(self) -> None:
        self._client = _Client(
            self._ears, self._threads, self._ready, shards=self._shards, content=self.content
        )
        async with self._client:
            await self._client.start(self._token)


class _Client(discord.AutoShardedClient):
    """Takes events apart and hands them on, off the event loop. It keeps nothing that it need not."""

    def __init__(
        self, ears: Ears, threads: _Threads, ready: threading.Event, *, shards: int, content: bool
    ) -> None:
        super().__init__(
            intents=_intents(content=content),
            shard_count=shards,
            max_messages=None,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=_GUILD_SECONDS,
            enable_debug_events=False,
        )
        self._ears = ears
        self._threads = threads
        self._told = ready

    async def on_ready(self) -> None:
        self._told.set()

    async def on_message(self, message: discord.Message) -> None:
        if message.type in (discord.MessageType.default, discord.MessageType.reply):
            await self._in_order(message.channel.id, self._ears.hearing.message, events.said(message))

    async def on_raw_message_edit(self, edit: discord.RawMessageUpdateEvent) -> None:
        if edit.message.edited_at:
            await self._in_order(edit.channel_id, self._ears.hearing.edited, events.said(edit.message))

    async def on_raw_message_delete(self, deletion: discord.RawMessageDeleteEvent) -> None:
        place = self._place(deletion.guild_id, deletion.channel_id)
        message = str(deletion.message_id)
        await self._in_order(deletion.channel_id, self._ears.hearing.deleted, place, message)

    async def on_raw_bulk_message_delete(self, deletion: discord.RawBulkMessageDeleteEvent) -> None:
        place = self._place(deletion.guild_id, deletion.channel_id)
        for message in deletion.message_ids:
            await self._in_order(deletion.channel_id, self._ears.hearing.deleted, place, str(message))

    async def on_raw_reaction_add(self, reaction: discord.RawReactionActionEvent) -> None:
        await self._reacted(reaction, added=True)

    async def on_raw_reaction_remove(self, reaction: discord.RawReactionActionEvent) -> None:
        await self._reacted(reaction, added=False)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await self.loop.run_in_executor(self._threads.at_once, self._answer, interaction)

    async def on_error(self, event_method: str, /, *_: Any, **__: Any) -> None:
        _log.exception("an event was not taken", event_name=event_method)

    def _answer(self, interaction: discord.Interaction) -> None:
        response = self._ears.interactions.answer(events.interaction(interaction))
        try:
            self._ears.calls.answer(str(interaction.id), interaction.token, response)
        except CandorError as error:
            # The question is in the ledger: the worker answers it all the same.
            _log.warning("an interaction was not answered in time", error=str(error))

    async def _reacted(self, reaction: discord.RawReactionActionEvent, *, added: bool) -> None:
        place = self._place(reaction.guild_id, reaction.channel_id)

        def hear() -> None:
            self._ears.hearing.reacted(
                place, str(reaction.message_id), str(reaction.user_id), str(reaction.emoji), added=added
            )

        await self._in_order(reaction.channel_id, hear)

    def _place(self, guild: int | None, channel: int) -> Place:
        return events.place(guild, self.get_channel(channel), channel)

    async def _in_order(self, channel: int, take: Callable[..., None], *what: object) -> None:
        await self.loop.run_in_executor(self._threads.of(channel), take, *what)


def _intents(*, content: bool) -> discord.Intents:
    """What Candor asks to be told of; what messages say is a privilege that has to be granted."""
    return discord.Intents(
        guilds=True,
        guild_messages=True,
        dm_messages=True,
        guild_reactions=True,
        dm_reactions=True,
        message_content=content,
    )


def _meaning(error: Exception) -> CandorError:
    match error:
        case discord.LoginFailure():
            return Misconfigured(f"CANDOR_DISCORD_TOKEN: Discord does not take this token ({error})")
        case discord.PrivilegedIntentsRequired():
            return Misconfigured(_FATAL[4014])
        case discord.ConnectionClosed(code=code) if code in _FATAL:
            return Misconfigured(_FATAL[code])
        case discord.DiscordException() | aiohttp.ClientError() | OSError():
            return Unavailable(f"CANDOR_DISCORD_API_URL: Discord does not answer ({type(error).__name__})")
        case _:
            _log.error("the gateway failed in a way that nobody foresaw", exc_info=error)
            return CandorError(f"Discord's gateway failed ({type(error).__name__}: {error})")
