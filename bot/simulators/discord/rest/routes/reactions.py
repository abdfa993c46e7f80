"""Reactions: put, taken back, and who put them."""

from typing import Any
from urllib.parse import unquote

from bot.simulators.discord.rest.call import Call, Route
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.rules.limits import Limit
from bot.simulators.discord.state import deeds

Json = dict[str, Any]


def put(call: Call) -> None:
    """Put the bot's own."""
    channel = call.channel(permissions.READ_HISTORY)
    deeds.react(call.world, call.message(channel), call.bot, unquote(call.params["emoji"]))


def take(call: Call) -> None:
    """Take one back: the bot's own, or somebody's where that is allowed."""
    channel = call.channel(permissions.READ_HISTORY)
    user = call.params["user_id"]
    if user not in ("@me", call.bot):
        call.need(channel, permissions.MANAGE_MESSAGES)
    user = call.bot if user == "@me" else user
    deeds.unreact(call.world, call.message(channel), user, unquote(call.params["emoji"]))


def users(call: Call) -> list[Json]:
    """Who put one."""
    channel = call.channel(permissions.READ_HISTORY)
    message = call.message(channel)
    after = int(call.query.get("after", "0"))
    names = sorted(message.reactions.get(unquote(call.params["emoji"]), []), key=int)
    found = [name for name in names if int(name) > after][: call.number("limit", 25, 100)]
    return [call.world.user(name).to_json() for name in found]


_EMOJI = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji}"

ROUTES = (
    Route("PUT", f"{_EMOJI}/@me", put, Limit(1, 0.25)),
    Route("DELETE", f"{_EMOJI}/{{user_id}}", take, Limit(1, 0.25)),
    Route("GET", _EMOJI, users),
)
