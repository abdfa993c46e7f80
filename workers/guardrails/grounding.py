"""Grounding: each sentence of an answer says what the passages say that it cites."""

from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from workers.answering.grounding import markers
from workers.answering.grounding.support import Sources, faults
from workers.sentences import sentences

# The figures of a sentence are checked as it passes the gate, with arithmetic and what tools returned.
_FIGURES = "the number "


class Grounding:
    """Holds sentences against what they cite. Code, block quotes and what cites nothing are not judged."""

    name, stage, asks = "grounding", Stage.OUTPUT, False

    def check(self, material: Material) -> Verdict:
        """Judge each sentence with a marker."""
        asked = material.question.text.casefold() if material.question else ""
        wrong: list[str] = []
        read: dict[frozenset[int], Sources] = {}
        for span in sentences(material.text, "en"):
            wrong += self._wrong(material.text[span.start : span.end], material, asked, read)
        if not wrong:
            return FINE
        named = ", ".join(dict.fromkeys(wrong))
        return Verdict(1.0, Action.REWRITE, f"its sources do not have {named}"[:300])

    def _wrong(
        self, sentence: str, material: Material, asked: str, read: dict[frozenset[int], Sources]
    ) -> list[str]:
        given = len(material.cited)
        numbers = frozenset(each for run in markers.runs(sentence) for each in run if each <= given)
        if not numbers or sentence.lstrip().startswith((">", "```", "~~~")):
            return []
        sources = read.setdefault(numbers, Sources([material.cited[each - 1] for each in sorted(numbers)]))
        return [
            each
            for each in faults(sentence, sources)
            if not each.startswith(_FIGURES) and each.removeprefix("the name ").casefold() not in asked
        ]


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Grounding(),)
