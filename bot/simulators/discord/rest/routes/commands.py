"""The app's commands: registered for all guilds, or for one."""

from typing import Any

from bot.simulators.discord.errors import missing_access
from bot.simulators.discord.rest.call import Call, Reply, Route
from bot.simulators.discord.rules.limits import Limit

Json = dict[str, Any]


def listing(call: Call) -> list[Json]:
    """All of them."""
    return call.world.commands.all(_place(call))


def replace(call: Call) -> list[Json]:
    """Make them those that are given."""
    return call.world.commands.replace(_place(call), call.body)


def create(call: Call) -> Reply:
    """Register one more, or over one of its name."""
    return Reply(call.world.commands.add(_place(call), call.form()), 201)


def read(call: Call) -> Json:
    """One of them."""
    return call.world.commands.get(_place(call), call.params["command_id"])


def edit(call: Call) -> Json:
    """Change one."""
    return call.world.commands.change(_place(call), call.params["command_id"], call.form())


def delete(call: Call) -> None:
    """Take one away."""
    call.world.commands.remove(_place(call), call.params["command_id"])


def _place(call: Call) -> str:
    if call.params["application_id"] != call.world.app.id:
        raise missing_access()
    if "guild_id" not in call.params:
        return ""
    return call.guild().id


def _routes(base: str) -> tuple[Route, ...]:
    few = Limit(5, 20.0)
    return (
        Route("GET", base, listing),
        Route("PUT", base, replace, few),
        Route("POST", base, create, few),
        Route("GET", f"{base}/{{command_id}}", read),
        Route("PATCH", f"{base}/{{command_id}}", edit, few),
        Route("DELETE", f"{base}/{{command_id}}", delete, few),
    )


ROUTES = (
    *_routes("/applications/{application_id}/commands"),
    *_routes("/applications/{application_id}/guilds/{guild_id}/commands"),
)
