"""Answers calls of the Web API: finds the method, checks the token and the limits, keeps a record."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulators.slack.errors import RateLimited, SlackError
from bot.simulators.slack.record import Request
from bot.simulators.slack.rules.limits import Limits
from bot.simulators.slack.state.tokens import Token
from bot.simulators.slack.web import (
    agents,
    apps,
    arguments,
    chat,
    conversations,
    people,
    reactions,
    streams,
    views,
)
from bot.simulators.slack.web.call import Call, Json, Method, Platform

_ROOMS = (agents, apps, chat, conversations, people, reactions, streams, views)
METHODS: Mapping[str, Method] = {method.name: method for room in _ROOMS for method in room.METHODS}

_NOBODY = Token("", "app", frozenset())


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over HTTP."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class WebApi:
    """Every method that the simulator knows.

    Attributes:
        requests: every call, oldest first.
    """

    def __init__(self, platform: Platform, limits: Limits) -> None:
        self.requests: list[Request] = []
        self._platform = platform
        self._limits = limits
        self._failures: dict[str, list[int]] = {}
        self._refusals: dict[str, str] = {}
        self._lock = threading.Lock()

    def fail(self, method: str, *, times: int = 1, status: int = 503) -> None:
        """Answer the next calls of a method with an HTTP failure that says nothing."""
        self._failures.setdefault(method, []).extend([status] * times)

    def refuse(self, method: str, code: str) -> None:
        """Answer all calls of a method with an error from now on."""
        self._refusals[method] = code

    def answer(self, name: str, raw: bytes, headers: Mapping[str, str], query: str) -> Reply:
        """Answer one call.

        Args:
            name: the method, such as `chat.postMessage`.
            raw: the body as it came.
            headers: by name in lower case.
            query: what followed the `?`.
        """
        body: Json = {}
        value = ""
        try:
            body = arguments.decode(raw, headers.get("content-type", ""), query)
            authorization = headers.get("authorization", "")
            body |= apps.credentials(authorization)
            given = str(body.pop("token", ""))
            value = authorization[7:].strip() if authorization.lower().startswith("bearer ") else given
            reply = self._answer(name, body, value)
        except RateLimited as limited:
            headers_out = {"Retry-After": str(limited.retry_after)}
            reply = Reply({"ok": False, "error": limited.code}, 429, headers_out)
        except SlackError as error:
            reply = Reply({"ok": False, "error": error.code, **error.extra})
        with self._lock:
            at = self._platform.clock.now()
            self.requests.append(Request(name, body, at, value, reply.status, reply.body))
        return reply

    def _answer(self, name: str, body: Json, value: str) -> Reply:
        if failures := self._failures.get(name):
            return Reply({}, failures.pop(0))
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        token = _NOBODY if method.open else self._platform.tokens.check(value)
        if not method.open and token.kind not in method.tokens:
            raise SlackError("not_allowed_token_type")
        token.need(*method.scopes)
        if code := self._refusals.get(name):
            raise SlackError(code)
        workspaces = self._platform.workspaces
        # What belongs to no workspace reads none: any one stands in.
        workspace = workspaces[token.team] if token.team else next(iter(workspaces.values()))
        about = str(body.get("channel", "")) if method.by_channel else ""
        self._limits.count(token.team, name, method.limit, about)
        answer: dict[str, Any] = {"ok": True, **method.answer(Call(self._platform, body, token, workspace))}
        scopes = {
            "X-OAuth-Scopes": ",".join(sorted(token.scopes)),
            "X-Accepted-OAuth-Scopes": ",".join(method.scopes),
        }
        return Reply(answer, headers=scopes)
