"""Discord's hearing half: the gateway, through discord.py, or signed HTTP."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bot import doorway
from bot.books import Books
from bot.escalation import Desk
from bot.intake import Intake
from bot.platforms.discord.calls import DiscordCalls
from bot.platforms.discord.cards import DiscordCards
from bot.platforms.discord.egress import DiscordEgress
from bot.platforms.discord.ingress import commands, web
from bot.platforms.discord.ingress.gateway import Ears, Gateway
from bot.platforms.discord.ingress.handing import Handing
from bot.platforms.discord.ingress.hearing import Hearing
from bot.platforms.discord.ingress.interactions import Interactions
from bot.platforms.discord.ingress.sole import sole
from bot.platforms.discord.settings import DiscordSettings
from core import log
from ledger.leases import Leases

_log = log.get(__name__)

_MAY_READ = 1 << 18 | 1 << 19
"""The app's flags that grant the message content intent, for large apps and for small ones
(https://docs.discord.com/developers/resources/application#application-object-application-flags)."""

UNREAD = "without the message content intent: mentions, direct messages and commands only"


@contextmanager
def listening(
    settings: DiscordSettings,
    intake: Intake,
    books: Books,
    desk: Desk,
    leases: Leases,
    *,
    http: bool = False,
    ended: Callable[[], None] = lambda: None,
) -> Iterator[str]:
    """Hear Discord as long as the block runs.

    Args:
        settings: the token and the addresses.
        intake: the door that questions and thumbs go in by.
        books: the ledger.
        desk: where questions are handed to people.
        leases: keeps a second gateway of the same bot from hearing everything once more.
        http: whether Discord calls us, signed, with interactions alone, rather than we its gateway.
        ended: called when Discord has closed the connection for good; the block's end raises why.

    Yields:
        Where it hears, for people.

    Raises:
        Misconfigured: Discord does not take the token, the public key is missing, or another process hears
            with the same token already.
        Unavailable: Discord does not answer.
    """
    # Looked at first: without the key nothing may listen, whatever else is right.
    key = settings.public_key() if http else b""
    calls = DiscordCalls(settings)
    app: dict[str, Any] = calls.read("/oauth2/applications/@me")
    handing = Handing(books, desk, DiscordCards(calls))
    hearing = Hearing(str(app["id"]), intake, books, DiscordEgress(calls), handing)
    interactions = Interactions(intake, books, hearing, handing)
    if http:
        commands.sync(calls, str(app["id"]), settings.discord_guild)
        page = web.application(interactions, key)
        with doorway.serving(
            page, settings.discord_http_port, setting="CANDOR_DISCORD_HTTP_PORT", name="discord-http"
        ) as port:
            yield f"HTTP, port {port}, path {web.PATH}"
        return
    with sole(leases, f"discord/{app['id']}", ended) as check:
        commands.sync(calls, str(app["id"]), settings.discord_guild)
        asked: dict[str, Any] = calls.read("/gateway/bot")
        gateway = Gateway(
            settings,
            Ears(hearing, interactions, calls),
            url=settings.discord_gateway_url or str(asked["url"]),
            shards=int(asked["shards"]),
            content=bool(app["flags"] & _MAY_READ) if "flags" in app else True,
            ended=ended,
        )
        gateway.start()
        try:
            yield _described(int(asked["shards"]), content=gateway.content)
        finally:
            gateway.stop()
        gateway.check()
        check()


def _described(shards: int, *, content: bool) -> str:
    where = "gateway" if shards == 1 else f"gateway, {shards} shards"
    if content:
        return where
    _log.warning("the message content intent is not granted", setting="the app's page, under Bot")
    return f"{where}, {UNREAD}"
