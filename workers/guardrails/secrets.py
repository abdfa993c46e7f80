"""Secrets: masked again in the question and in the answer, whatever let them get so far."""

from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from core.secrets import mask


class Secrets:
    """Masks secrets of known forms."""

    name, asks = "secrets", False

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def check(self, material: Material) -> Verdict:
        """Mask what has the form of a secret."""
        masked = mask(material.text)
        if masked == material.text:
            return FINE
        return Verdict(1.0, Action.MASK, "a secret was masked", masked)


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule at both ends."""
    return (Secrets(Stage.INPUT), Secrets(Stage.OUTPUT))
