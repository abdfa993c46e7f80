"""What a test tells a scripted server to do with the next request."""

import json
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Call:
    """A function call that the model makes."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    id: str = "call_1"

    @property
    def written(self) -> str:
        """The arguments as the model writes them."""
        return json.dumps(self.arguments)


@dataclass(frozen=True, slots=True)
class Say:
    """A reply, and what goes wrong on its way.

    Attributes:
        text, calls, refusal: what the model says.
        stop: why it stops, where that is neither the end nor a call.
        delay: seconds until the first byte.
        pause: seconds between the events of a stream.
        breaks: what happens behind the first `after` pieces of text: silence, a cut connection, an event that
            is no JSON, or an end that is in good order but too early.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    refusal: str = ""
    stop: Literal["", "length", "content_filter"] = ""
    delay: float = 0.0
    pause: float = 0.0
    breaks: Literal["", "stall", "cut", "malformed", "early end"] = ""
    after: int = 0

    @property
    def pieces(self) -> list[str]:
        """The text as it is streamed, word by word."""
        words = (self.text or self.refusal).split(" ")
        return [word + " " for word in words[:-1]] + words[-1:]


@dataclass(frozen=True, slots=True)
class Fail:
    """An error instead of a reply."""

    status: int
    message: str = "scripted failure"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Raw:
    """A success with any body."""

    body: bytes
    content_type: str = "application/json"


Step = Say | Fail | Raw
