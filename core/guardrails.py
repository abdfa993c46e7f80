"""The port to guardrails: what a rule is shown, and what it decides."""

from dataclasses import dataclass, field
from typing import Protocol

from core.documents import Passage
from core.messages import Action, Question, Stage
from core.policy import ChannelPolicy


@dataclass(frozen=True, slots=True)
class Material:
    """What a rule is shown.

    Attributes:
        text: what is judged: the question, one passage, or the answer.
        policy: what holds in the channel.
        question: the turn's question; None where a text is judged by itself.
        passages: what the model was given; for the output stage alone.
        system: the instructions that the model was given; for the output stage alone.
        cited: for each passage of an answer its shown number; `cited[0]` is [1]. For the output stage alone.
    """

    text: str
    policy: ChannelPolicy = field(default_factory=ChannelPolicy)
    question: Question | None = None
    passages: tuple[Passage, ...] = ()
    system: str = ""
    cited: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule makes of it.

    Attributes:
        score: how sure it is that something is wrong, from 0 to 1.
        action: what is to be done.
        reason: in a few words of ours, for the ledger; never what was found.
        text: the text to go on with, at MASK.
        say: a sentence for the asker: why it is refused, or what was left out.
    """

    score: float = 0.0
    action: Action = Action.ALLOW
    reason: str = ""
    text: str = ""
    say: str = ""


FINE = Verdict()
"""Nothing is wrong."""


class Rule(Protocol):
    """One guardrail.

    Attributes:
        name: its file's.
        stage: what it is shown.
        asks: whether it asks a model or a service: then it sees whole answers only, never a streamed piece.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def stage(self) -> Stage: ...  # noqa: D102

    @property
    def asks(self) -> bool: ...  # noqa: D102

    def check(self, material: Material) -> Verdict:
        """Judge a text. Whatever goes wrong in a service is a verdict."""
        ...
