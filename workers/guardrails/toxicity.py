"""Toxicity: threats and abuse aimed at a person, by a few wordings that leave no doubt."""

import re
from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage

_ABUSE = re.compile(
    r"""(?ix)\b(?:
      (?:go\ )?(?:kill|hang|hurt)\ (?:yourself|urself)\b
      |i(?:'ll|\ will|'m\ going\ to|\ am\ going\ to)
        \ (?:kill|murder|rape|stab|shoot|beat)\ (?:you|him|her|them)\b
      |(?:you|he|she|they)\ (?:all\ )?(?:deserve|ought)\ to\ (?:die|be\ killed|be\ raped)\b
      |(?:you|u)(?:\ are|'re|\ r)?\ (?:a\ |an\ |such\ a\ |just\ a\ )?(?:\w+\ )?
        (?:worthless\ (?:idiot|moron|piece)|piece\ of\ shit
        |fucking\ (?:idiot|moron|retard|bitch|cunt)|subhuman)
      |(?:death|gas)\ (?:to|the)\ (?:all\ )?(?:jews|muslims|christians|gays|immigrants|blacks|women)\b
    )"""
)
_SAY = "I don't answer messages that threaten or abuse people. Please ask again in other words."


class Toxicity:
    """Refuses abuse in a question, and has an answer without it written."""

    name, asks = "toxicity", False

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def check(self, material: Material) -> Verdict:
        """Judge by the wording. An answer may quote what its passages say."""
        found = _ABUSE.search(material.text)
        if not found:
            return FINE
        if self.stage is Stage.INPUT:
            return Verdict(1.0, Action.REFUSE, "threatens or abuses a person", say=_SAY)
        if any(found.group() in each.chunk.text for each in material.passages):
            return Verdict(1.0, Action.FLAG, "quotes abuse that stands in a passage")
        return Verdict(1.0, Action.REWRITE, "it threatens or abuses a person")


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule at both ends."""
    return (Toxicity(Stage.INPUT), Toxicity(Stage.OUTPUT))
