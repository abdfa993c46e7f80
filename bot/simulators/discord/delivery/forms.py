"""What a person chooses and fills in, in the shape that interactions give it."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.simulators.discord.delivery.payloads import partial_channel, resolved_member
from bot.simulators.discord.errors import DiscordError
from bot.simulators.discord.rules import commands, components
from bot.simulators.discord.rules.components import CHOOSERS, INPUT, LABEL, SELECT, SELECTS, TEXT, walk
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.files import File
from bot.simulators.discord.state.messages import Message
from bot.simulators.discord.state.people import Role, User
from bot.simulators.discord.state.world import World

Json = dict[str, Any]

_SELECTED = {5: "users", 6: "roles", 7: "users", 8: "channels"}


def refused(message: str) -> DiscordError:
    """What Discord's own client would not let a person do."""
    return DiscordError(400, 0, message)


class Resolved:
    """The objects behind the ids that somebody chose."""

    def __init__(self, world: World, channel: Channel, user: str) -> None:
        self.found: Json = {}
        self._world = world
        self._channel = channel
        self._user = user

    def add(self, value: Any) -> Any:
        """Take in a chosen user, role, channel or file; what goes on the wire for it."""
        if isinstance(value, User):
            self._put("users", value.id, value.to_json())
            if self._channel.guild and value.id in self._world.guilds[self._channel.guild].members:
                member = resolved_member(self._world, self._channel, value.id)
                self._put("members", value.id, member)
        elif isinstance(value, Role):
            self._put("roles", value.id, value.to_json())
        elif isinstance(value, Channel):
            self._put("channels", value.id, partial_channel(self._world, value, self._user))
        elif isinstance(value, File):
            self._put("attachments", value.id, value.to_json(self._world.clock.now()))
        else:
            return value
        return value.id

    def _put(self, kind: str, name: str, body: Json) -> None:
        self.found.setdefault(kind, {})[name] = body


def chosen_options(
    command: Json, path: list[str], values: Mapping[str, Any], resolved: Resolved, *, focused: str = ""
) -> list[Json]:
    """The options of a command as its interaction carries them.

    Args:
        command: the registered command.
        path: the names of its group and subcommand; empty for a plain command.
        values: what was filled in, by name.
        resolved: takes in what stands behind ids.
        focused: the option that somebody is still typing; the others may be missing then.

    Raises:
        DiscordError: for what Discord's own client would not send.
    """
    known = command.get("options") or []
    if path:
        inner = next((option for option in known if option["name"] == path[0]), None)
        if inner is None:
            raise refused(f"There is no {path[0]}.")
        nested = chosen_options(inner, path[1:], values, resolved, focused=focused)
        return [{"name": inner["name"], "type": inner["type"], "options": nested}]
    if strangers := set(values) - {option["name"] for option in known}:
        raise refused(f"There is no option {min(strangers)}.")
    chosen = []
    for option in known:
        name = option["name"]
        if name not in values:
            if option.get("required") and not focused:
                raise refused(f"{name} is required.")
            continue
        value = values[name]
        if name != focused and not commands.fits(option, value):
            raise refused(f"{value!r} does not fit {name}.")
        one = {"name": name, "type": option["type"], "value": resolved.add(value)}
        chosen.append(one | ({"focused": True} if name == focused else {}))
    return chosen


def pressed(message: Message, custom_id: str, values: tuple[Any, ...], resolved: Resolved) -> Json:
    """The data of a component's interaction.

    Raises:
        DiscordError: for a component that is not there, is disabled, or has no such option.
    """
    found = next((part for part in walk(message.components) if part.get("custom_id") == custom_id), None)
    if found is None:
        raise refused(f"The message has no component {custom_id}.")
    if found.get("disabled"):
        raise refused(f"{custom_id} is disabled.")
    kind = found["type"]
    data: Json = {"component_type": kind, "custom_id": custom_id, "id": found.get("id")}
    if kind == components.BUTTON:
        return data
    return (
        data | _selection(found, values, resolved) | ({"resolved": resolved.found} if resolved.found else {})
    )


def filled_in(modal: Json, values: Mapping[str, Any], resolved: Resolved) -> Json:
    """The data of a submitted modal.

    Raises:
        DiscordError: for a field that is missing, too short, too long, or not there at all.
    """
    fields = [part for part in walk(modal["components"]) if "custom_id" in part]
    if strangers := set(values) - {field["custom_id"] for field in fields}:
        raise refused(f"The modal has no field {min(strangers)}.")
    parts = []
    for n, part in enumerate(modal["components"]):
        place = {"type": part["type"], "id": part.get("id", n + 1)}
        if part["type"] == TEXT:
            parts.append(place)
        elif part["type"] == LABEL:
            parts.append({**place, "component": _field(part["component"], values, resolved)})
        else:
            inside = [_field(field, values, resolved) for field in part["components"]]
            parts.append({**place, "components": inside})
    data: Json = {"custom_id": modal["custom_id"], "components": parts}
    return data | ({"resolved": resolved.found} if resolved.found else {})


def _field(field: Json, values: Mapping[str, Any], resolved: Resolved) -> Json:
    name, kind = field["custom_id"], field["type"]
    body: Json = {"type": kind, "custom_id": name, "id": field.get("id", 0)}
    required = field.get("required", True)
    if kind == INPUT:
        value = str(values.get(name, field.get("value") or ""))
        least = field.get("min_length", 1 if required else 0) if value or required else 0
        if not least <= len(value) <= field.get("max_length", 4000):
            raise refused(f"{name} has to be filled in as the form asks.")
        return body | {"value": value}
    given = values.get(name, ())
    several = tuple(given) if isinstance(given, list | tuple) else (given,)
    if kind in CHOOSERS:
        return body | _CHOSEN[kind](given)
    if not several and required:
        raise refused(f"{name} has to be filled in.")
    return body | (_selection(field, several, resolved) if several else {"values": []})


_CHOSEN: dict[int, Callable[[Any], Json]] = {
    21: lambda given: {"value": given or None},
    22: lambda given: {"values": list(given)},
    23: lambda given: {"value": bool(given)},
}


def _selection(part: Json, values: tuple[Any, ...], resolved: Resolved) -> Json:
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    if not least <= len(values) <= most:
        raise refused(f"{part['custom_id']} takes {least} to {most} values.")
    if part["type"] == SELECT:
        offered = {option["value"] for option in part["options"]}
        if strangers := set(values) - offered:
            raise refused(f"{part['custom_id']} has no option {min(strangers)}.")
    elif part["type"] in SELECTS - {SELECT} and not values and least:
        raise refused(f"Nothing was chosen for {_SELECTED[part['type']]}.")
    return {"values": [resolved.add(value) for value in values]}
