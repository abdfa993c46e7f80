"""What the gateway tells of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.simulators.discord.rules import intents

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `intent` is what a session must have asked for to hear of it; 0 for what all hear.

    `body` gives its data, as far as the intents of a session let it be seen.
    """

    name: str
    body: Callable[[int], Json]
    intent: int = intents.GUILDS
    guild: str = ""


def plain(name: str, body: Json, intent: int = intents.GUILDS, guild: str = "") -> Event:
    """An event that says the same to every session."""
    return Event(name, lambda _intents: body, intent, guild)
