"""Length: a question is no longer than the policy allows."""

from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage


class Length:
    """Refuses questions that are too long."""

    name, stage, asks = "length", Stage.INPUT, False

    def check(self, material: Material) -> Verdict:
        """Count characters."""
        most = material.policy.length
        if len(material.text) <= most:
            return FINE
        return Verdict(
            1.0,
            Action.REFUSE,
            "longer than the policy allows",
            say=f"Your question is too long for me: please ask it in at most {most:,} characters.",
        )


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Length(),)
