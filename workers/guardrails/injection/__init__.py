"""Injection: a question that gives the assistant orders about its own instructions. A signal, no boundary."""

from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from workers.guardrails._orders import cut
from workers.guardrails.injection import weights

_THRESHOLD = 0.5
_LEAST_LEFT = 12
_CUT = "I left out the part of your message that gives me orders about how I work, and answered the rest."
_REFUSED = "I can't act on orders about how I work. Please ask me about the documents."


class Injection:
    """Flags, or refuses where the policy says so, what looks like an injection.

    Orders that stand beside a question are cut away, and the question is answered.
    """

    name, stage, asks = "injection", Stage.INPUT, False

    def check(self, material: Material) -> Verdict:
        """Judge a question by its wording, and by how much it is like known injections."""
        score = weights.read().score(material.text)
        rest, count = cut(material.text, "")
        rest = " ".join(rest.split())
        if count and len(rest) >= _LEAST_LEFT:
            return Verdict(max(score, _THRESHOLD), Action.MASK, "orders were cut away", rest, _CUT)
        if not count and score < _THRESHOLD:
            return FINE
        refuses = material.policy.injection == "refuse"
        action = Action.REFUSE if refuses else Action.FLAG
        return Verdict(
            max(score, _THRESHOLD), action, "looks like an injection", say=_REFUSED if refuses else ""
        )


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Injection(),)
