"""What is wrong with a body, nested by the place of each fault, as Discord reports it."""

from typing import Any

from bot.simulators.discord.errors import DiscordError

Json = dict[str, Any]


class Faults:
    """Collects faults. Paths are keys and positions from the body's root."""

    def __init__(self) -> None:
        self.found: Json = {}

    def add(self, code: str, message: str, *path: str | int) -> None:
        """Note one fault."""
        node = self.found
        for part in path:
            node = node.setdefault(str(part), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def text(
        self, node: Json, key: str, most: int, *path: str | int, least: int = 0, required: bool = False
    ) -> None:
        """A field is text of so many characters, where it is there or has to be."""
        value = node.get(key)
        if value is None:
            if required:
                self.add("BASE_TYPE_REQUIRED", "This field is required", *path, key)
        elif not isinstance(value, str):
            self.add("STRING_TYPE_CONVERT", "Could not interpret value as string.", *path, key)
        elif not least <= len(value) <= most and least:
            self.add("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.", *path, key)
        elif len(value) > most:
            self.add("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.", *path, key)

    def items(self, node: Json, key: str, most: int, *path: str | int) -> list[Json]:
        """The objects of a list field of at most so many items; what is no object is a fault."""
        values = node.get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            self.add("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType", *path, key)
            return []
        if len(values) > most:
            self.add("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.", *path, key)
        for n, value in enumerate(values):
            if not isinstance(value, dict):
                self.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType", *path, key, n)
        return [value for value in values if isinstance(value, dict)]

    def choice(self, node: Json, key: str, choices: range | frozenset[Any], *path: str | int) -> None:
        """A field, where it is there, is one of these."""
        value = node.get(key)
        if value is not None and value not in choices:
            self.add("BASE_TYPE_CHOICES", "Value must be one of the allowed choices.", *path, key)

    def check(self) -> None:
        """Refuse the body if anything is wrong with it.

        Raises:
            DiscordError: 50035.
        """
        if self.found:
            raise DiscordError(400, 50035, "Invalid Form Body", self.found)
