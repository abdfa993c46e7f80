"""Canary: an answer that repeats Candor's own instructions is not shown."""

import re
from collections.abc import Sequence

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage

_WORD = re.compile(r"\w+")
# So many words in a row stand in two texts by chance only when one quotes the other.
_RUN = 8


class Canary:
    """Finds runs of words of the instructions in an answer. Words that the passages have are theirs."""

    name, stage, asks = "canary", Stage.OUTPUT, False

    def check(self, material: Material) -> Verdict:
        """Compare by runs of words."""
        if not material.system:
            return FINE
        found = _runs(material.text) & _runs(material.system)
        if not found or found <= set[tuple[str, ...]]().union(
            *(_runs(each.chunk.text) for each in material.passages)
        ):
            return FINE
        return Verdict(1.0, Action.REWRITE, "it repeats your instructions")


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rule."""
    return (Canary(),)
