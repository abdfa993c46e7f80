"""Grounding: each sentence of an answer says what the passages say that it cites."""

from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from workers.answering.grounding import markers
from workers.answering.grounding.statements import next_end
from workers.answering.grounding.support import Sources, faults

# The figures of a sentence are checked as it passes the gate, with arithmetic and what tools returned.
_FIGURES = "the number "


class Grounding:
    """Holds sentences against what they cite. What cites nothing, code and block quotes are not judged here."""

    name, stage, asks = "grounding", Stage.OUTPUT, False

    def check(self, material: Material) -> Verdict:
        """Judge each sentence with a marker."""
        asked = material.question.text.casefold() if material.question else ""
        wrong: list[str] = []
        rest = f"{material.text}\n"
        while rest.strip():
            end = next_end(rest) or len(rest)
            wrong += self._wrong(rest[:end], material, asked)
            rest = rest[end:]
        if not wrong:
            return FINE
        named = ", ".join(dict.fromkeys(wrong))
        return Verdict(1.0, Action.REWRITE, f"its sources do not have {named}"[:300])

    def _wrong(self, sentence: str, material: Material, asked: str) -> list[str]:
        numbers = {each for run in markers.runs(sentence) for each in run}
        cited = [material.cited[each - 1] for each in numbers if each <= len(material.cited)]
        if not cited or sentence.lstrip().startswith((">", "```", "~~~")):
            return []
        return [
            each
            for each in faults(sentence, Sources(cited))
            if not each.startswith(_FIGURES) and each.removeprefix("the name ").casefold() not in asked
        ]


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Grounding(),)
