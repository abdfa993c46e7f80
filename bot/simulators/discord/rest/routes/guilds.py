"""Guilds, with their roles, members and channels."""

from typing import Any

from bot.simulators.discord.errors import missing_access, unknown
from bot.simulators.discord.rest.call import Call, Route
from bot.simulators.discord.rules import intents, permissions

Json = dict[str, Any]


def read(call: Call) -> Json:
    """One guild."""
    guild = call.guild()
    body = {**guild.to_json(), "joined_at": None}
    if call.query.get("with_counts") == "true":
        body |= {"approximate_member_count": len(guild.members), "approximate_presence_count": 1}
    return body


def channels(call: Call) -> list[Json]:
    """The channels of a guild, threads left out. All of them: Discord lists hidden ones too."""
    return [one.to_json() for one in call.guild().channels.values() if not one.is_thread]


def roles(call: Call) -> list[Json]:
    """The roles of a guild."""
    return [role.to_json() for role in call.guild().roles.values()]


def role(call: Call) -> Json:
    """One role."""
    found = call.guild().roles.get(call.params["role_id"])
    if found is None:
        raise unknown("role")
    return found.to_json()


def members(call: Call) -> list[Json]:
    """Members in pages; only for apps with the intent for them."""
    if not call.world.app.intents & intents.GUILD_MEMBERS:
        raise missing_access()
    after = int(call.query.get("after", "0"))
    every = sorted(call.guild().members.values(), key=lambda member: int(member.user.id))
    found = [member for member in every if int(member.user.id) > after]
    return [member.to_json() for member in found[: call.number("limit", 1, 1000)]]


def search(call: Call) -> list[Json]:
    """Members whose name begins so."""
    start = call.query.get("query", "").lower()
    found = [one for one in call.guild().members.values() if one.user.handle.startswith(start)]
    return [member.to_json() for member in found[: call.number("limit", 1, 1000)]]


def member(call: Call) -> Json:
    """One member."""
    return call.guild().member(call.params["user_id"]).to_json()


def bot_guilds(call: Call) -> list[Json]:
    """The guilds that the bot is in."""
    found = [guild for guild in call.world.guilds.values() if call.bot in guild.members]
    return [
        {
            "id": guild.id,
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(guild.permissions(call.bot) & permissions.ALL),
            "features": [],
        }
        for guild in found
    ]


ROUTES = (
    Route("GET", "/users/@me/guilds", bot_guilds),
    Route("GET", "/guilds/{guild_id}", read),
    Route("GET", "/guilds/{guild_id}/channels", channels),
    Route("GET", "/guilds/{guild_id}/roles", roles),
    Route("GET", "/guilds/{guild_id}/roles/{role_id}", role),
    Route("GET", "/guilds/{guild_id}/members", members),
    Route("GET", "/guilds/{guild_id}/members/search", search),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", member),
)
