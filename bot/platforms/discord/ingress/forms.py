"""Discord's forms: their parts, and what somebody filled in."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.outgoing import Json, Payload

_LABEL, _SELECT, _INPUT, _ROLES, _CHANNELS = 18, 3, 4, 6, 8
_PARAGRAPH, _LINE = 2, 1

OPTIONS, OPTION = 25, 100
"""Most options of a choice, and characters of one."""


def form(name: str, title: str, *fields: Json) -> Payload:
    """A form; `name` comes back with what is filled in."""
    return {"custom_id": name, "title": title, "components": list(fields)}


def choice(
    name: str, label: str, options: Mapping[str, str], chosen: Sequence[str], *, several: bool = False
) -> Json:
    """One or, where several may be chosen, none to all of some options, given by value."""
    offered: list[Json] = [
        {"label": said[:OPTION], "value": value, "default": value in chosen}
        for value, said in list(options.items())[:OPTIONS]
    ]
    span: dict[str, Json] = {"min_values": 0, "max_values": len(offered)} if several else {}
    return _labelled(name, label, {"type": _SELECT, "options": offered, "required": not several, **span})


def role(name: str, label: str, chosen: str) -> Json:
    """At most one of the server's roles."""
    return _labelled(name, label, _one_of(_ROLES, "role", chosen))


def channel(name: str, label: str, chosen: str) -> Json:
    """At most one of the server's text channels."""
    return _labelled(name, label, {**_one_of(_CHANNELS, "channel", chosen), "channel_types": [0]})


def text(
    name: str, label: str, value: str = "", *, most: int, long: bool = False, required: bool = False
) -> Json:
    """Words of at most so many characters."""
    style = _PARAGRAPH if long else _LINE
    given: dict[str, Json] = {"value": value} if value else {}
    part: dict[str, Json] = {"type": _INPUT, "style": style, "max_length": most, "required": required}
    return _labelled(name, label, {**part, **given})


def filled_in(data: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """What stands in a form's fields, by their names."""
    found = {}
    for row in data.get("components") or []:
        for part in [row.get("component"), *(row.get("components") or [])]:
            if part and part.get("custom_id"):
                values = part.get("values") or [part.get("value") or ""]
                words = (str(value).strip() for value in values)
                found[str(part["custom_id"])] = tuple(word for word in words if word)
    return found


def _one_of(kind: int, what: str, chosen: str) -> dict[str, Json]:
    now: dict[str, Json] = {"default_values": [{"id": chosen, "type": what}]} if chosen else {}
    return {"type": kind, "required": False, "min_values": 0, "max_values": 1, **now}


def _labelled(name: str, label: str, component: dict[str, Json]) -> Json:
    return {"type": _LABEL, "label": label, "component": {**component, "custom_id": name}}
