"""Material to show to rules."""

from core.completions import Models
from core.documents import Passage
from core.guardrails import Material, Rule
from core.messages import Stage
from core.policy import ChannelPolicy
from tests.workers.answering.parts import passage
from workers.guardrails._guard import open_rules

LOCAL = open_rules(Models())
"""Every rule that needs no service."""


def the(name: str, stage: Stage = Stage.INPUT) -> Rule:
    """A rule by its name."""
    return next(each for each in LOCAL if (each.name, each.stage) == (name, stage))


def asked(text: str, policy: ChannelPolicy | None = None) -> Material:
    return Material(text, policy or ChannelPolicy())


def answered(text: str, *sources: str, policy: ChannelPolicy | None = None, system: str = "") -> Material:
    """An answer that cites these passages in their order."""
    passages: tuple[Passage, ...] = tuple(passage(each, position=at) for at, each in enumerate(sources))
    return Material(text, policy or ChannelPolicy(), passages=passages, system=system, cited=passages)
