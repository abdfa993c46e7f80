"""What is wrong with a payload, with the place of each fault, as Slack reports it."""

from collections.abc import Collection
from typing import Any


class Findings:
    """Collects faults. Paths are JSON pointers from the payload's root."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, message: str, path: str) -> None:
        """Note one fault."""
        self.messages.append(f"[ERROR] {message} [json-pointer:{path}]")

    def keys(
        self, node: dict[str, Any], allowed: Collection[str], required: Collection[str], path: str
    ) -> None:
        """A node has what it must have, and nothing that Slack does not know."""
        for key in required:
            if node.get(key) in (None, "", [], {}):
                self.add(f"missing required field: {key}", path)
        for key in node:
            if key not in allowed and key not in required:
                self.add(f"invalid additional property: {key}", f"{path}/{key}")

    def string(self, node: dict[str, Any], key: str, longest: int, path: str) -> None:
        """A field, where it is there, is text of at most so many characters."""
        value = node.get(key)
        if value is None:
            return
        if not isinstance(value, str):
            self.add("must be a string", f"{path}/{key}")
        elif len(value) > longest:
            self.add(f"must be less than {longest + 1} characters", f"{path}/{key}")

    def items(self, node: dict[str, Any], key: str, most: int, path: str) -> list[dict[str, Any]]:
        """The objects of a list field of at most so many items; what is no object is a fault."""
        values = node.get(key, [])
        if not isinstance(values, list):
            self.add("must be an array", f"{path}/{key}")
            return []
        if len(values) > most:
            self.add(f"no more than {most} items allowed", f"{path}/{key}")
        objects = [value for value in values if isinstance(value, dict)]
        if len(objects) < len(values):
            self.add("must be an object", f"{path}/{key}")
        return objects

    def text(self, node: dict[str, Any], key: str, longest: int, path: str, *, plain: bool = False) -> None:
        """A field, where it is there, is a text object of at most so many characters."""
        value = node.get(key)
        if value is None:
            return
        here = f"{path}/{key}"
        if not isinstance(value, dict):
            self.add("must be an object", here)
            return
        kind = value.get("type")
        if kind not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
            self.add("must be a valid enum value", f"{here}/type")
        self.keys(value, ("type", "text", "verbatim" if kind == "mrkdwn" else "emoji"), (), here)
        if not value.get("text"):
            self.add("must be more than 0 characters", f"{here}/text")
        self.string(value, "text", longest, here)
