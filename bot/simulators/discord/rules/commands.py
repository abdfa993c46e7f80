"""What Discord accepts as an application command, and what a person may fill in."""

import re
from collections.abc import Mapping
from typing import Any

from bot.simulators.discord.rules.faults import Faults

Json = dict[str, Any]

CHAT = 1
USER = 2
MESSAGE = 3

MOST = {CHAT: 100, USER: 15, MESSAGE: 15}
"""Commands of each kind, for each guild and once more for all."""
TEXT = 8000
"""Characters of a command's names, descriptions and choices together."""

SUBCOMMAND = 1
GROUP = 2
OPTIONS = 25
CHOICES = 25

STRING, INTEGER, BOOLEAN, USER_OPTION, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(3, 12)

_NAME = re.compile(r"[-_'\w]{1,32}")
_PYTHON: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
}


def check_commands(commands: list[Json], faults: Faults) -> None:
    """Note what Discord would refuse in a list of commands that replaces all others."""
    seen: set[tuple[int, str]] = set()
    count: dict[int, int] = {}
    for n, command in enumerate(commands):
        check_command(command, faults, n)
        kind = command.get("type", CHAT)
        key = (kind, str(command.get("name")))
        if key in seen:
            faults.add(
                "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique", n, "name"
            )
        seen.add(key)
        count[kind] = count.get(kind, 0) + 1
    for kind, number in count.items():
        if number > MOST.get(kind, 0):
            faults.add("BASE_TYPE_MAX_LENGTH", f"Maximum number of commands reached ({MOST.get(kind, 0)}).")


def check_command(command: Json, faults: Faults, *path: str | int) -> None:
    """Note what Discord would refuse in one command."""
    kind = command.get("type", CHAT)
    faults.choice(command, "type", frozenset(MOST), *path)
    faults.text(command, "name", 32, *path, least=1, required=True)
    if kind == CHAT:
        _check_name(command, faults, *path)
        faults.text(command, "description", 100, *path, least=1, required=True)
        _check_options(command, faults, *path)
    elif command.get("description") or command.get("options"):
        faults.add(
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
            "Context menu commands cannot have a description or options",
            *path,
            "description",
        )
    if _length(command) > TEXT:
        faults.add("APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({TEXT})", *path)


def fits(option: Json, value: Any) -> bool:
    """Whether a person can give an option this value: its type, range and choices."""
    python = _PYTHON.get(option["type"])
    if python is None:
        return True
    if not isinstance(value, python) or (isinstance(value, bool) and option["type"] != BOOLEAN):
        return False
    if option.get("choices"):
        return value in [choice["value"] for choice in option["choices"]]
    if isinstance(value, str):
        return bool(option.get("min_length", 0) <= len(value) <= option.get("max_length", 6000))
    if option["type"] == BOOLEAN:
        return True
    inside = "min_value" not in option or value >= option["min_value"]
    return bool(inside and ("max_value" not in option or value <= option["max_value"]))


def differs(command: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two commands of one name are not the same, apart from what Discord adds."""
    own = {"id", "version", "application_id", "guild_id"}
    return {k: v for k, v in command.items() if k not in own} != {
        k: v for k, v in other.items() if k not in own
    }


def _check_name(node: Json, faults: Faults, *path: str | int) -> None:
    name = node.get("name")
    if isinstance(name, str) and name and not (_NAME.fullmatch(name) and name == name.lower()):
        faults.add("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid", *path, "name")


def _check_options(node: Json, faults: Faults, *path: str | int) -> None:
    optional = False
    names: set[str] = set()
    for n, option in enumerate(faults.items(node, "options", OPTIONS, *path)):
        here = (*path, "options", n)
        if "type" not in option:
            faults.add("BASE_TYPE_REQUIRED", "This field is required", *here, "type")
        faults.choice(option, "type", range(SUBCOMMAND, ATTACHMENT + 1), *here)
        faults.text(option, "name", 32, *here, least=1, required=True)
        _check_name(option, faults, *here)
        faults.text(option, "description", 100, *here, least=1, required=True)
        if str(option.get("name")) in names:
            faults.add("APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name is used twice", *here, "name")
        names.add(str(option.get("name")))
        if option.get("required") and optional:
            message = "Required options must be placed before non-required options"
            faults.add("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message, *here)
        optional = optional or not option.get("required")
        choices = faults.items(option, "choices", CHOICES, *here)
        if choices and option.get("autocomplete"):
            message = "Choices and autocomplete exclude each other"
            faults.add("APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", message, *here)
        check_choices(choices, faults, *here, "choices")
        _check_options(option, faults, *here)


def check_choices(choices: list[Json], faults: Faults, *path: str | int) -> None:
    """Note what Discord would refuse among choices."""
    if len(choices) > CHOICES:
        faults.add("BASE_TYPE_MAX_LENGTH", f"Must be {CHOICES} or fewer in length.", *path)
    for n, choice in enumerate(choices):
        faults.text(choice, "name", 100, *path, n, least=1, required=True)
        if isinstance(choice.get("value"), str):
            faults.text(choice, "value", 100, *path, n)
        elif choice.get("value") is None:
            faults.add("BASE_TYPE_REQUIRED", "This field is required", *path, n, "value")


def _length(node: Any) -> int:
    if isinstance(node, list):
        return sum(map(_length, node))
    if not isinstance(node, dict):
        return 0
    own = sum(len(node[key]) for key in ("name", "description", "value") if isinstance(node.get(key), str))
    return own + _length(node.get("options")) + _length(node.get("choices"))
