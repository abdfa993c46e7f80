"""Orders: passages that tell the assistant what to do are found, and lose those sentences."""

from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from workers.guardrails._orders import cut


class Orders:
    """Cuts sentences that give the assistant orders out of a passage."""

    name, stage, asks = "orders", Stage.PASSAGES, False

    def check(self, material: Material) -> Verdict:
        """Judge one passage, or what a tool returned."""
        text, count = cut(material.text)
        if not count:
            return FINE
        return Verdict(1.0, Action.MASK, f"{count} orders to the assistant were left out", text)


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Orders(),)
