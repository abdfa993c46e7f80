"""Prompt extraction: whoever asks for Candor's own instructions is told that it does not show them."""

import re
from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage

_ASKS = re.compile(
    r"""(?ix)\b(?:show|reveal|print|repeat|output|display|dump|leak|disclose|translate|summari[sz]e|recite|tell
    |give|write|copy|share|list|provide|say|what(?:\ is|\ are|\ was|\ were|'s)|zeig\w{0,2}|nenne|verrate?
    |montre\w{0,2}|muestra\w{0,2})\b
    [^.!?\n]{0,40}\b(?:
      (?:your|deine\w?|ihre\w?|tes|vos|ton|tus|su)\s(?:\w+\s){0,2}
        (?:(?:system|initial|hidden|secret|original|internal|base)\s?-?(?:prompts?|instructions?|messages?|rules)
        |prompts?\b|systemprompts?|pre-?prompts?)
      |(?:the|this)\s(?:system|initial|hidden|secret)\s?-?prompts?\b(?!\s(?:in|of|for|field|setting|parameter))
      |(?:words|text|lines?|everything|sentences?|instructions?)\s(?:\w+\s){0,2}above\b
      |(?:your\s(?:very\s)?first|the\sfirst\s\d{1,4})\s(?:lines?|words|sentences?|instructions?)\b
    )"""
)
_SAY = "I don't show my own instructions; they hold nothing but how to answer from your documents."


class Extraction:
    """Refuses requests for the system prompt that ask for nothing else."""

    name, stage, asks = "extraction", Stage.INPUT, False

    def check(self, material: Material) -> Verdict:
        """Judge by the wording."""
        if not _ASKS.search(material.text):
            return FINE
        return Verdict(1.0, Action.REFUSE, "asks for the instructions", say=_SAY)


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Extraction(),)
