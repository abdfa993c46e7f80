"""The bot itself, other users, direct conversations, and where the gateway is."""

from typing import Any

from bot.simulators.discord.errors import DiscordError
from bot.simulators.discord.rest.call import Call, Route
from bot.simulators.discord.state.rendering import channel_json

Json = dict[str, Any]


def me(call: Call) -> Json:
    """The bot's own account."""
    return {**call.world.bot.to_json(), "verified": True, "mfa_enabled": False, "email": None, "flags": 0}


def user(call: Call) -> Json:
    """Anybody's account."""
    return call.world.user(call.params["user_id"]).to_json()


def application(call: Call) -> Json:
    """The app, with its owner and its public key."""
    people = [one for one in call.world.users.values() if not one.bot]
    return call.world.app.to_json((people or [call.world.bot])[0].to_json())


def conversation(call: Call) -> Json:
    """The direct conversation with somebody who shares a guild with the bot."""
    name = str(call.form().get("recipient_id", ""))
    person = call.world.user(name)
    shared = any({name, call.bot} <= guild.members.keys() for guild in call.world.guilds.values())
    if person.bot or not shared:
        raise DiscordError(403, 50007, "Cannot send messages to this user")
    return channel_json(call.world, call.world.conversation(name))


ROUTES = (
    Route("GET", "/users/@me", me),
    Route("POST", "/users/@me/channels", conversation),
    Route("GET", "/users/{user_id}", user),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
)
