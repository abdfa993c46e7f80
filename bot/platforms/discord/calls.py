"""Calls of Discord's API over plain HTTP, and what its refusals mean to Candor."""

import re
import weakref
from collections.abc import Mapping
from typing import Any

import httpx

from bot import outgoing
from bot.outgoing import Payload
from bot.platforms.discord.limits import Limits, Place
from bot.platforms.discord.settings import DiscordSettings
from core import log
from core.errors import CandorError, MessageGone, Misconfigured, Unavailable, Unwelcome

_log = log.get(__name__)

_SECONDS = 10.0
_AGENT = "DiscordBot (candor, 1)"
"""Discord wants bots to say so (https://docs.discord.com/developers/reference#user-agent)."""

_REFUSED, _UNAUTHORIZED, _NOT_FOUND, _TOO_MANY, _SERVER = 400, 401, 404, 429, 500

# https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
_UNKNOWN_MESSAGE = 10008
_DEAD = frozenset({10015, 10062, 50027})
"""Unknown webhook, unknown interaction, invalid webhook token: the promise cannot be kept any more."""
_UNWELCOME = frozenset({10003, 10004, 50001, 50007, 50008, 50013, 50083, 50278, 160005, 240000})
"""Channel or guild unknown, no access, no direct messages, no text channel, no permission, locked."""
_GONE = frozenset({_UNKNOWN_MESSAGE, 50005})
"""Unknown message, and one that another wrote."""

_ID = re.compile(r"(?<=/)\d{5,}(?=/|$)")
_WEBHOOK = re.compile(r"^/(webhooks|interactions)/[^/]+/[^/]+")
_MAJOR = re.compile(r"^/(?:channels|guilds|webhooks|interactions)/([^/?]+(?:/[^/?]+)?)")
_PACED = re.compile(r"^/channels/\d+/messages(?:/\d+)?$")


class Refused(CandorError):
    """Discord did not take the request as it was made; `code` is its own number for the reason."""

    def __init__(self, text: str, code: int) -> None:
        super().__init__(text)
        self.code = code


class PromiseDead(MessageGone):
    """An interaction's token has run out, or Discord does not know it, `unknown`: any more, or yet."""

    def __init__(self, text: str, *, unknown: bool = False) -> None:
        super().__init__(text)
        self.unknown = unknown


class DiscordCalls:
    """The API. Every message leaves through `bot.outgoing`.

    Every call raises Unavailable (down, or over a limit), Unwelcome (may not speak there), MessageGone,
    PromiseDead, or Refused. Nothing is repeated here: a post that was cut off may have been made.
    """

    def __init__(self, settings: DiscordSettings, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._token = settings.token()
        self._client = httpx.Client(
            base_url=settings.discord_api_url.rstrip("/"),
            headers={"User-Agent": _AGENT},
            timeout=_SECONDS,
            limits=httpx.Limits(max_keepalive_connections=32, max_connections=64),
        )
        # Speakers live as long as their process and are not closed.
        weakref.finalize(self, self._client.close)

    def say(self, method: str, path: str, message: Payload, *, spare: int = 0, **more: Any) -> dict[str, Any]:
        """Post or edit a message; `more` are fields that are no text."""
        sent = self._call(method, path, {**outgoing.discord(message), **more}, spare=spare)
        return sent if isinstance(sent, dict) else {}

    def answer(self, interaction: str, token: str, response: Payload) -> None:
        """Give an interaction its first answer; a message in it is filtered as any other."""
        path = f"/interactions/{interaction}/{token}/callback"
        self._call("POST", path, outgoing.discord_answer(response))

    def read(self, path: str, **query: Any) -> Any:
        """Look something up."""
        return self._call("GET", path, None, query=query)

    def do(self, method: str, path: str, body: Any = None) -> Any:
        """Do what is no message: delete, show as typing, register commands, open a conversation."""
        return self._call(method, path, body)

    def _call(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        spare: int = 0,
        query: Mapping[str, Any] | None = None,
    ) -> Any:
        by_token = _WEBHOOK.match(path) is not None
        place = _place(method, path, spare)
        # A webhook's token stands for the bot's own, which has no business there.
        headers = {} if by_token else {"Authorization": f"Bot {self._token}"}
        # The first answer to an interaction has three seconds and no bucket that anybody else draws from.
        if not path.startswith("/interactions/"):
            self._limits.take(place)
        try:
            response = self._client.request(method, path, json=body, params=query, headers=headers)
        except httpx.HTTPError as error:
            raise Unavailable(f"Discord does not answer {place.route} ({type(error).__name__})") from None
        told = _body(response)
        wait = _wait(response, told)
        self._limits.learn(place, response.status_code, response.headers, wait=wait)
        if response.status_code < _REFUSED:
            return told
        raise _meaning(place.route, response.status_code, told, wait, by_token=by_token)


def _place(method: str, path: str, spare: int) -> Place:
    major = _MAJOR.match(path)
    route = _ID.sub("{id}", _WEBHOOK.sub(r"/\1/{id}/{token}", path))
    paced = method in ("POST", "PATCH") and _PACED.match(path) is not None
    return Place(f"{method} {route}", major[1] if major else "", paced=paced, spare=spare)


def _body(response: httpx.Response) -> Any:
    try:
        return response.json() if response.content else None
    except ValueError:
        return None


def _wait(response: httpx.Response, told: Any) -> float:
    """The seconds that a 429 asks for, or 0."""
    if response.status_code != _TOO_MANY:
        return 0.0
    given = told.get("retry_after") if isinstance(told, dict) else response.headers.get("retry-after")
    try:
        return max(0.05, float(given or 1.0))
    except (TypeError, ValueError):
        return 1.0


def _meaning(what: str, status: int, told: Any, wait: float, *, by_token: bool) -> CandorError:
    body = told if isinstance(told, dict) else {}
    code = int(body.get("code") or 0)
    reason = f"Discord refused {what}: {code} {body.get('message') or status}"
    if status == _TOO_MANY:
        return Unavailable(f"Discord asks to wait before {what}", after=wait)
    if status >= _SERVER:
        return Unavailable(f"Discord failed at {what} ({status})")
    if code in _DEAD or (by_token and status in (_UNAUTHORIZED, _NOT_FOUND) and code != _UNKNOWN_MESSAGE):
        return PromiseDead(reason, unknown=status == _NOT_FOUND)
    if status == _UNAUTHORIZED:
        return Misconfigured("CANDOR_DISCORD_TOKEN: Discord does not take this token; set the bot's own")
    kinds: dict[int, type[CandorError]] = dict.fromkeys(_GONE, MessageGone) | dict.fromkeys(
        _UNWELCOME, Unwelcome
    )
    return kinds[code](reason) if code in kinds else Refused(reason, code)
