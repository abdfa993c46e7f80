"""What a person asks the app to do, and what it has answered."""

from dataclasses import dataclass, field
from typing import Any

from bot.simulators.discord.state.messages import Message

Json = dict[str, Any]

COMMAND = 2
COMPONENT = 3
AUTOCOMPLETE = 4
MODAL = 5

ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 900.0

MESSAGE = 4
DEFERRED = 5
DEFERRED_UPDATE = 6
UPDATE = 7
CHOICES = 8
SHOW_MODAL = 9


@dataclass(slots=True)
class Interaction:
    """One interaction.

    Attributes:
        kind: Discord's interaction type.
        user: the id of whoever began it, in `channel`.
        data: what they chose, pressed or filled in, as the app gets it.
        name: the command's name, or the custom id.
        began: when, in the simulator's seconds.
        message: the message of a component, or that a command of the context menu was used on.
        answer: the type of the app's first answer; 0 while there is none.
        answered_at: when it came.
        failed: what the person reads when nothing came in time; empty until then.
        original: the message that the first answer made, or changed.
        followups: the messages that came after it.
        modal: the form that it showed.
        choices: what it proposed while somebody was typing.
        over_http: it was posted to the app's own address, and not told of over the gateway.
    """

    id: str
    token: str
    kind: int
    user: str
    channel: str
    guild: str
    data: Json
    name: str
    began: float
    message: Message | None = None
    answer: int = 0
    answered_at: float = 0.0
    failed: str = ""
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    over_http: bool = False

    @property
    def seconds(self) -> float:
        """How long the first answer took; 0 while there is none."""
        return self.answered_at - self.began if self.answer else 0.0

    @property
    def ephemeral(self) -> bool:
        """Whether its first answer is for one person alone."""
        return bool(self.original and self.original.visible_to)

    @property
    def shown(self) -> str:
        """What the person reads under it: the first answer, and what came after."""
        messages = [message for message in (self.original, *self.followups) if message]
        return self.failed or "\n".join(message.shown for message in messages)

    def metadata(self, user: Json) -> Json:
        """What a message that answers it says of it."""
        return {
            "id": self.id,
            "type": self.kind,
            "user": user,
            "authorizing_integration_owners": {"0": self.guild or self.user},
            "name": self.name,
        }
