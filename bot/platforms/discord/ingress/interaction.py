"""An interaction: what a person did with Candor's own controls, and what Discord may be told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from bot.outgoing import Payload
from bot.platforms.discord.ingress import messages
from bot.platforms.discord.ingress.said import Place
from bot.platforms.discord.places import promise
from core.messages import Address

EPHEMERAL = 1 << 6

_SUBCOMMAND = 1


class Kind(IntEnum):
    """What an interaction is (https://docs.discord.com/developers/interactions/receiving-and-responding)."""

    PING = 1
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    FORM = 5


class Reaction(IntEnum):
    """What a first answer does (same place)."""

    PONG = 1
    SAY = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    FORM = 9


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something that a person did with Candor's own controls.

    Attributes:
        id: its own id.
        token: the key with which it is answered, for fifteen minutes.
        application: the app's id.
        kind: Discord's number for what it is, one of `Kind` as far as Candor knows.
        place: where.
        person: the id of who did it.
        name: what people call them there.
        data: what was chosen, pressed or filled in, as Discord describes it.
        message: the id of the message that a button stands on.
        private: whether that message is seen by that person alone.
        permissions: what they may do there, as Discord's bits.
    """

    id: str
    token: str
    application: str
    kind: int
    place: Place
    person: str
    name: str
    data: Mapping[str, Any]
    message: str = ""
    private: bool = False
    permissions: int = 0

    @property
    def address(self) -> Address:
        """Where its reply goes: what Discord shows meanwhile is to become it."""
        place = messages.address(self.place, self.id)
        return place.model_copy(update={"message": "", "promise": promise(self.application, self.token)})

    @property
    def alone(self) -> Address:
        """Where a reply goes that this person alone sees: into a conversation of its own."""
        address = self.address
        own = {"handle": self.person, "thread": f"{address.thread}/{self.person}"}
        return address.model_copy(update=own)

    @property
    def subcommand(self) -> str:
        """The name of the command below the command, if there is one."""
        given = self._given
        return str(given[0].get("name")) if given and given[0].get("type") == _SUBCOMMAND else ""

    @property
    def options(self) -> list[Mapping[str, Any]]:
        """What was filled in for the command's options, or the subcommand's."""
        given = self._given
        return list(given[0].get("options") or []) if self.subcommand else given

    @property
    def target(self) -> Mapping[str, Any]:
        """The message that a command of the context menu was used on; nothing if there is none."""
        found = ((self.data.get("resolved") or {}).get("messages") or {}).get(self.data.get("target_id"))
        return found if isinstance(found, Mapping) else {}

    @property
    def _given(self) -> list[Mapping[str, Any]]:
        return list(self.data.get("options") or [])

    def option(self, name: str, default: Any = "") -> Any:
        """What was filled in for one of a command's options."""
        return next((each.get("value") for each in self.options if each.get("name") == name), default)


def say(text: str) -> Payload:
    """A first answer that one person alone reads."""
    return {"type": Reaction.SAY, "data": {"content": text, "flags": EPHEMERAL}}


def named(interaction: Interaction) -> tuple[str, str]:
    """What a button or form does, and the turn that it is about, by its custom id."""
    action, _, turn_id = str(interaction.data.get("custom_id")).partition(":")
    return action, turn_id
