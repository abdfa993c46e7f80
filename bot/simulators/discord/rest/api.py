"""Every route that the simulator knows, and what a request goes through before it is answered."""

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulators.discord.errors import Banned, DiscordError, RateLimited, unauthorized
from bot.simulators.discord.gateway.gateway import Gateway
from bot.simulators.discord.record import Request
from bot.simulators.discord.rest.call import Call, Reply, Route, Upload
from bot.simulators.discord.rest.routes import (
    callbacks,
    channels,
    commands,
    gateways,
    guilds,
    messages,
    reactions,
    threads,
    users,
    webhooks,
)
from bot.simulators.discord.rules.faults import Faults
from bot.simulators.discord.rules.limits import Limits
from bot.simulators.discord.rules.messages import REQUEST
from bot.simulators.discord.state.world import World

ROUTES: tuple[Route, ...] = (
    *users.ROUTES,
    *guilds.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *reactions.ROUTES,
    *threads.ROUTES,
    *commands.ROUTES,
    *callbacks.ROUTES,
    *webhooks.ROUTES,
)

_MAJOR = ("channel_id", "guild_id", "token", "application_id")
_BAD = frozenset({401, 403, 429})


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over HTTP. `text` instead of `body` for what is no JSON."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure on order.

    Attributes:
        status: what is answered: 5xx, or 429 with `retry_after`; 0 to answer as usual.
        retry_after: seconds, for 429; `scope` is `user`, `global` or `shared`.
        seconds: how long the answer is held back.
        done: the deed is done all the same, as when an answer is lost on its way.
    """

    status: int = 503
    retry_after: float = 0.05
    scope: str = "user"
    seconds: float = 0.0
    done: bool = False


class Api:
    """Answers requests, one at a time for each change, in any number at once."""

    def __init__(self, world: World, limits: Limits, gateway: Gateway) -> None:
        self.limits = limits
        self._world = world
        self._routes = [(route, _pattern(route.path)) for route in (*ROUTES, *gateways.routes(gateway))]
        self._faults: dict[str, list[Fault]] = {}
        self._lock = threading.Lock()

    def fail(self, route: str, fault: Fault | None = None, *, times: int = 1) -> None:
        """Have the next requests of a route fail, such as `POST /channels/{channel_id}/messages`.

        `*` stands for every route.
        """
        with self._lock:
            self._faults.setdefault(route, []).extend([fault or Fault()] * times)

    def answer(
        self,
        method: str,
        path: str,
        body: Any,
        *,
        files: tuple[Upload, ...],
        query: Mapping[str, str],
        authorization: str,
        size: int,
    ) -> Answer:
        """Answer one request.

        Args:
            method: in capitals.
            path: what follows the version.
            body: the JSON of it, whether it came alone or beside files.
            files: what was uploaded.
            query: what followed the `?`.
            authorization: the header.
            size: bytes of the whole.
        """
        route, params = self._find(method, path)
        name = route.name if route else f"{method} {path}"
        by_bot = authorization == f"Bot {self._world.app.token}"
        fault = self._fault(name)
        if fault and fault.seconds:
            time.sleep(fault.seconds)
        call = Call(self._world, params, query, body, files)
        if fault and fault.status and not fault.done:
            answer = _failure(fault)
        else:
            answer = self._answer(route, call, by_bot=by_bot, size=size)
            if fault and fault.status:
                answer = _failure(fault)
        self._judge(name, answer, ordered=bool(fault and fault.status))
        kept = None if answer.text else answer.body
        kind = "bot" if by_bot else "token" if route and route.open else ""
        names = tuple(file.name for file in files)
        at = self._world.clock.now()
        request = Request(method, path, name, body, at, answer.status, kept, kind, names)
        self._world.record.request(request)
        return answer

    def _find(self, method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        for route, pattern in self._routes:
            if route.method == method and (found := pattern.fullmatch(path)):
                return route, found.groupdict()
        return None, {}

    def _fault(self, name: str) -> Fault | None:
        with self._lock:
            for key in (name, "*"):
                if faults := self._faults.get(key):
                    return faults.pop(0)
        return None

    def _answer(self, route: Route | None, call: Call, *, by_bot: bool, size: int) -> Answer:
        try:
            self.limits.admit()
            made = self._admitted(route, call, by_bot=by_bot, size=size)
        except Banned as banned:
            return Answer(banned.status, text=banned.message)
        except RateLimited as limited:
            headers = self._headers(route, call) | _waiting(limited.retry_after, limited.scope)
            return Answer(limited.status, limited.to_json(), headers)
        except DiscordError as error:
            return Answer(error.status, error.to_json(), self._headers(route, call))
        reply = made if isinstance(made, Reply) else Reply(made)
        status = 204 if reply.body is None else reply.status
        return Answer(status, reply.body, self._headers(route, call))

    def _admitted(self, route: Route | None, call: Call, *, by_bot: bool, size: int) -> Any:
        if route is None:
            raise DiscordError(404, 0, "404: Not Found")
        if not by_bot and not route.open:
            raise unauthorized()
        self.limits.count(route.name, _major(call), route.limit, of_bot=not route.open)
        if size > REQUEST:
            raise DiscordError(413, 40005, "Request entity too large")
        try:
            with call.world.changed:
                return route.answer(call)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # A part of the body is of a kind that no rule looked at.
            faults = Faults()
            faults.add("BASE_TYPE_CONVERT", f"Could not interpret the body: {error!r}")
            faults.check()

    def _headers(self, route: Route | None, call: Call) -> dict[str, str]:
        return self.limits.headers(route.name, _major(call)) if route else {}

    def _judge(self, name: str, answer: Answer, *, ordered: bool) -> None:
        if answer.status in _BAD and answer.headers.get("X-RateLimit-Scope") != "shared":
            self.limits.invalid()
        if answer.status >= 400 and not ordered:  # noqa: PLR2004 - where refusals begin
            self._world.record.finding(f"http {answer.status}", f"{name}: {answer.body or answer.text}")


def _major(call: Call) -> str:
    return next((call.params[key] for key in _MAJOR if key in call.params), "")


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))


def _waiting(seconds: float, scope: str) -> dict[str, str]:
    # Without `Via`, clients take a 429 for the ban that stands before Discord.
    headers = {
        "Retry-After": str(max(1, round(seconds))),
        "X-RateLimit-Scope": scope,
        "Via": "1.1 google",
    }
    return headers | ({"X-RateLimit-Global": "true"} if scope == "global" else {})


def _failure(fault: Fault) -> Answer:
    if fault.status != 429:  # noqa: PLR2004 - the status that says to wait
        return Answer(fault.status, text="upstream connect error or disconnect/reset before headers")
    limited = RateLimited(fault.retry_after, fault.scope)
    return Answer(429, limited.to_json(), _waiting(fault.retry_after, fault.scope))
