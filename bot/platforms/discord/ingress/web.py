"""Interactions over HTTP: Discord calls Candor. Nothing is looked at before its signature has been."""

import json
import re
import time
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot import doorway, outgoing
from bot.platforms.discord.ingress.interaction import EPHEMERAL, Interaction, Kind, Reaction
from bot.platforms.discord.ingress.interactions import Interactions
from bot.platforms.discord.ingress.said import Place
from core import log

_log = log.get(__name__)

PATH = "/discord/interactions"

_THREADS = frozenset({10, 11, 12})
"""Kinds of channels that are threads (https://docs.discord.com/developers/resources/channel#channel-object)."""

_WINDOW_SECONDS = 300
# Not `bytes.fromhex` alone: that takes capitals and blanks, and so several texts for one signature.
_SIGNATURE = re.compile(r"[0-9a-f]{128}")
_TIME = re.compile(r"[0-9]{1,12}")


def application(interactions: Interactions, key: bytes) -> Starlette:
    """The one path that Discord calls; `key` is the app's public one."""
    public = Ed25519PublicKey.from_public_bytes(key)

    async def receive(request: Request) -> Response:
        body = await doorway.body_of(request)
        if body is None:
            return Response(status_code=413)
        return await run_in_threadpool(answer, interactions, public, body, request.headers)

    return Starlette(routes=[Route(PATH, receive, methods=["POST"])])


def answer(
    interactions: Interactions, key: Ed25519PublicKey, body: bytes, headers: Mapping[str, str]
) -> Response:
    """What Discord is told: 401 where the signature cannot be made out, whatever is wrong with it."""
    if not genuine(key, body, headers):
        return Response(status_code=401)
    try:
        told = json.loads(body)
        if told["type"] == Kind.PING:
            return JSONResponse({"type": Reaction.PONG})
        interaction = parsed(told)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        _log.warning("an interaction is not understood", error=type(error).__name__)
        return Response(status_code=400)
    return JSONResponse(outgoing.discord_answer(interactions.answer(interaction)))


def genuine(key: Ed25519PublicKey, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether Discord signed this within the last five minutes."""
    signature = headers.get("x-signature-ed25519", "")
    stamp = headers.get("x-signature-timestamp", "")
    if not (_SIGNATURE.fullmatch(signature) and _TIME.fullmatch(stamp)):
        return False
    if abs(time.time() - int(stamp)) > _WINDOW_SECONDS:
        return False
    try:
        key.verify(bytes.fromhex(signature), stamp.encode() + body)
    except InvalidSignature:
        return False
    return True


def parsed(told: Mapping[str, Any]) -> Interaction:
    """An interaction as Discord describes it.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is none that Discord would send.
    """
    member = told.get("member") or {}
    user = member.get("user") or told["user"]
    channel, message = told.get("channel") or {}, told.get("message") or {}
    parent = channel.get("parent_id") if channel.get("type") in _THREADS else ""
    return Interaction(
        id=str(told["id"]),
        token=str(told["token"]),
        application=str(told["application_id"]),
        kind=int(told["type"]),
        place=Place(str(told.get("guild_id") or ""), str(told["channel_id"]), str(parent or "")),
        person=str(user["id"]),
        name=str(member.get("nick") or user.get("global_name") or user.get("username") or ""),
        data=dict(told.get("data") or {}),
        message=str(message.get("id") or ""),
        private=bool(int(message.get("flags") or 0) & EPHEMERAL),
        permissions=int(member.get("permissions") or 0),
    )
