"""Language: a question is in one of the languages that the channel is for."""

from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from retrieval.language import detect


class Language:
    """Refuses questions that are surely in another language; short ones are given the benefit."""

    name, stage, asks = "language", Stage.INPUT, False

    def check(self, material: Material) -> Verdict:
        """Detect the language, where the policy names any."""
        wanted = material.policy.languages
        if not wanted:
            return FINE
        found = detect(material.text)
        if not found or found in wanted:
            return FINE
        return Verdict(
            1.0,
            Action.REFUSE,
            f"the question is in {found}",
            say=f"I answer here in these languages only: {', '.join(wanted)}. Please ask in one of them.",
        )


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Language(),)
