"""Moderation: OpenAI's endpoint judges questions and answers, where it is switched on. It fails closed."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from core.settings import Settings
from core.vendors import OpenAISettings
from workers.models.openai.moderation import Moderator

_SAY = "I can't help with this one: it is against the rules of what I may talk about."
_DOWN = "I cannot check just now whether I may answer this. Please try again in a few minutes."
_MODEL = "omni-moderation-latest"


class ModerationSettings(Settings):
    """Whether a service judges what is said."""

    moderation: Literal["", "openai"] = Field(
        default="", description="`openai` asks its moderation endpoint as well; empty: the local rules alone."
    )


class Moderation:
    """Refuses what the endpoint flags, and what it could not judge."""

    name, asks = "moderation", True

    def __init__(self, stage: Stage, moderator: Moderator) -> None:
        self.stage = stage
        self._moderator = moderator

    def check(self, material: Material) -> Verdict:
        """Ask the endpoint."""
        judged = self._moderator.judge(material.text)
        if judged is None:
            return Verdict(0.0, Action.REFUSE, "the moderation endpoint does not answer", say=_DOWN)
        if not judged.categories:
            return FINE
        named = ", ".join(judged.categories)
        return Verdict(judged.score, Action.REFUSE, f"moderation: {named}", say=_SAY)


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule at both ends, where it is switched on."""
    if not ModerationSettings().moderation:
        return ()
    moderator = Moderator(OpenAISettings().endpoint(), _MODEL)
    return (Moderation(Stage.INPUT, moderator), Moderation(Stage.OUTPUT, moderator))
