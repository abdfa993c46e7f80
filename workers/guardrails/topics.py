"""Topics: a question is about what the channel is for."""

from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from workers.answering.grounding.evidence import content_words


class Topics:
    """Refuses questions that share no content word with any of the channel's topics."""

    name, stage, asks = "topics", Stage.INPUT, False

    def check(self, material: Material) -> Verdict:
        """Compare by content words, where the policy names topics."""
        topics = material.policy.topics
        if not topics or content_words(material.text) & content_words(" ".join(topics)):
            return FINE
        return Verdict(
            1.0,
            Action.REFUSE,
            "outside the channel's topics",
            say=f"In this channel I answer questions about {', '.join(topics)} only.",
        )


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Topics(),)
