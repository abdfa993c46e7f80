"""Wording: what an answer must say and may not say in a channel, and packs of both for finance and health."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.completions import Models
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from core.policy import Pack


@dataclass(frozen=True, slots=True)
class Wording:
    """A field in which facts are given and advice is not.

    Attributes:
        asks: a question that wants advice.
        advises: an answer that gives it.
        disclaimer: what stands under each answer about the field.
        about: an answer that is about the field.
        instead: what the asker of advice is told.
    """

    asks: re.Pattern[str]
    advises: re.Pattern[str]
    about: re.Pattern[str]
    disclaimer: str
    instead: str


PACKS: Mapping[Pack, Wording] = {
    "finance": Wording(
        re.compile(
            r"(?i)\b(?:should|shall|would you|do you think|is it (?:wise|smart|a good (?:idea|time)))\b"
            r"[^.?!\n]{0,60}\b(?:buy|sell|invest|refinanc\w{1,3}|borrow|lend|lock (?:in )?|mortgage"
            r"|stocks?|fund|shares)\b"
        ),
        re.compile(
            r"(?i)\b(?:you should|i (?:would )?(?:recommend|advise|suggest)|my advice is|you'd better"
            r"|be sure to)\b"
            r"[^.?!\n]{0,60}\b(?:buy|sell|invest|refinanc\w{1,3}|borrow|lend|lock|stocks?|fund|shares"
            r"|loan|mortgage)\b"
            r"|\bguaranteed (?:returns?|profits?|gains?)\b|\brisk[- ]free (?:returns?|profits?"
            r"|investments?)\b"
        ),
        re.compile(
            r"(?i)\b(?:mortgages?|interest rates?|loans?|invest\w{0,8}|stocks?|funds?|shares|yields?"
            r"|refinanc\w{1,3})\b"
        ),
        "This is information, not financial advice.",
        "I can't say what you should do with your money; here is what the documents say.",
    ),
    "health": Wording(
        re.compile(
            r"(?i)\b(?:should|shall|can|may) i\b[^.?!\n]{0,60}"
            r"\b(?:take|stop taking|dos(?:e|age)|medication|medicine|pills?|treat\w{0,5}|see a doctor)\b"
            r"|\bdo i have\b[^.?!\n]{0,40}\b(?:cancer|disease|infection|diabetes|symptoms?|condition)\b"
        ),
        re.compile(
            r"(?i)\b(?:you should|i (?:would )?(?:recommend|advise|suggest)|my advice is"
            r"|you (?:probably |likely )?have)\b"
            r"[^.?!\n]{0,60}\b(?:take|stop taking|dos(?:e|age)|mg|medication|medicine|pills?|cancer"
            r"|disease|infection"
            r"|diabetes)\b"
        ),
        re.compile(
            r"(?i)\b(?:dos(?:e|age)s?|medications?|medicines?|symptoms?|diagnos\w{2,4}|treatments?"
            r"|disease|therapy|drugs?)\b"
        ),
        "This is information, not medical advice. Ask a doctor or a pharmacist.",
        "I can't say what is right for your health; here is what the documents say.",
    ),
}


class Advice:
    """Turns a request for advice into one for facts, and says so."""

    name, stage, asks = "wording", Stage.INPUT, False

    def check(self, material: Material) -> Verdict:
        """Judge by the wording, where the policy has a pack."""
        for pack in material.policy.packs:
            if PACKS[pack].asks.search(material.text):
                reason = f"asked for advice ({pack}): answered with facts"
                return Verdict(1.0, Action.MASK, reason, material.text, PACKS[pack].instead)
        return FINE


class Words:
    """Finds forbidden wording, and adds what is required."""

    name, stage, asks = "wording", Stage.OUTPUT, False

    def check(self, material: Material) -> Verdict:
        """Judge an answer. What it quotes in a block quote is not its own wording."""
        text = "\n".join(line for line in material.text.splitlines() if not line.lstrip().startswith(">"))
        plain = text.casefold()
        if any(each.casefold() in plain for each in material.policy.forbidden):
            return Verdict(1.0, Action.REWRITE, "it uses wording that is forbidden here")
        packs = [PACKS[each] for each in material.policy.packs]
        if any(each.advises.search(text) for each in packs):
            return Verdict(1.0, Action.REWRITE, "it gives advice: give the facts only")
        wanted = [*material.policy.required, *(each.disclaimer for each in packs if each.about.search(text))]
        lacking = [each for each in wanted if each.casefold() not in material.text.casefold()]
        if not lacking:
            return FINE
        return Verdict(1.0, Action.FLAG, "required wording was added", say=" ".join(lacking))


def open_rules(_models: Models) -> Sequence[Rule]:
    """The rules."""
    return (Advice(), Words())
