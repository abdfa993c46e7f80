"""The commands that the app has registered, for all guilds and for single ones."""

import copy
from typing import Any

from bot.simulators.discord.errors import DiscordError, unknown
from bot.simulators.discord.rules.commands import CHAT, check_command, check_commands, differs
from bot.simulators.discord.rules.faults import Faults
from bot.simulators.discord.snowflakes import Snowflakes

Json = dict[str, Any]

CREATES = 200
"""New commands in a day, for each guild and once more for all."""


class Commands:
    """Keeps commands by guild; what is registered for all has an empty one.

    Attributes:
        writes: how often anything was registered, for those who count syncs.
    """

    def __init__(self, app: str, ids: Snowflakes) -> None:
        self.writes = 0
        self._app = app
        self._ids = ids
        self._kept: dict[str, dict[str, Json]] = {}
        self._created: dict[str, int] = {}

    def all(self, guild: str = "") -> list[Json]:
        """The commands of one place, in the order of their registration."""
        return copy.deepcopy(list(self._kept.get(guild, {}).values()))

    def find(self, name: str, kind: int, guild: str) -> Json | None:
        """The command that somebody sees under a name: the guild's own before the one for all."""
        for place in (guild, ""):
            for command in self._kept.get(place, {}).values():
                if (command["name"], command["type"]) == (name, kind):
                    return command
        return None

    def get(self, guild: str, command_id: str) -> Json:
        """One command.

        Raises:
            DiscordError: 10063.
        """
        found = self._kept.get(guild, {}).get(command_id)
        if found is None:
            raise unknown("application command")
        return found

    def replace(self, guild: str, given: Any) -> list[Json]:
        """Make the commands of one place those that are given; a name that stays keeps its id.

        Raises:
            DiscordError: 50035, or 30034 for too many new ones in a day.
        """
        faults = Faults()
        if not isinstance(given, list) or not all(isinstance(command, dict) for command in given):
            faults.add("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
        else:
            check_commands(given, faults)
        faults.check()
        self.writes += 1
        before = {(command["type"], command["name"]): command for command in self.all(guild)}
        kept = [self._keep(guild, one, before.get((one.get("type", CHAT), one["name"]))) for one in given]
        self._kept[guild] = {command["id"]: command for command in kept}
        return self.all(guild)

    def add(self, guild: str, given: Any) -> Json:
        """Register one command, over another of its name if there is one.

        Raises:
            DiscordError: as for `replace`.
        """
        faults = Faults()
        check_command(given, faults)
        faults.check()
        self.writes += 1
        same = (given.get("type", CHAT), given["name"])
        before = next((one for one in self.all(guild) if (one["type"], one["name"]) == same), None)
        command = self._keep(guild, given, before)
        self._kept.setdefault(guild, {})[command["id"]] = command
        return copy.deepcopy(command)

    def change(self, guild: str, command_id: str, given: Json) -> Json:
        """Change one command.

        Raises:
            DiscordError: as for `replace`, or 10063.
        """
        before = self.get(guild, command_id)
        changed = {**before, **given}
        faults = Faults()
        check_command(changed, faults)
        faults.check()
        self.writes += 1
        self._kept[guild][command_id] = self._keep(guild, changed, before)
        return copy.deepcopy(self._kept[guild][command_id])

    def remove(self, guild: str, command_id: str) -> None:
        """Take one command away."""
        self.get(guild, command_id)
        self.writes += 1
        del self._kept[guild][command_id]

    def _keep(self, guild: str, given: Json, before: Json | None) -> Json:
        command = {
            "type": CHAT,
            "description": "",
            "options": [],
            "default_member_permissions": None,
            "nsfw": False,
            "contexts": None,
            "integration_types": [0],
            "name_localizations": None,
            "description_localizations": None,
            **copy.deepcopy(given),
        }
        if before and not differs(before, command):
            return before
        if before is None:
            self._created[guild] = self._created.get(guild, 0) + 1
            if self._created[guild] > CREATES:
                raise DiscordError(
                    400,
                    30034,
                    f"Max number of daily application command creates has been reached ({CREATES})",
                )
        own = {
            "id": before["id"] if before else self._ids.new(),
            "application_id": self._app,
            "version": self._ids.new(),
        }
        return command | own | ({"guild_id": guild} if guild else {})
