"""The engine: every rule of a stage in turn, what each decided, and what the pipeline goes on with."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core import plugins
from core.completions import Models
from core.guardrails import Material, Rule, Verdict
from core.messages import Action, Address, Decision, Stage
from core.policy import ChannelPolicy, Policies

_FAMILY = "workers.guardrails"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a stage made of a text.

    Attributes:
        text: the text to go on with.
        decisions: of each rule that did more than allow, in the order in which they ran.
        refusal: the sentence for the asker where a rule refuses; else empty.
        remarks: sentences for the asker that stand under the answer.
        faults: what the model is to mend, in words of ours.
    """

    text: str
    decisions: tuple[Decision, ...] = ()
    refusal: str = ""
    remarks: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the text may be shown as it is."""
        return not self.refusal and not self.faults


@dataclass(frozen=True, slots=True)
class Guard:
    """The rules of a process, and the policies that they hold texts to."""

    rules: tuple[Rule, ...] = ()
    policies: Policies = field(default_factory=Policies)

    def at(self, address: Address) -> ChannelPolicy:
        """What holds at an address."""
        return self.policies.at(address)

    def run(self, stage: Stage, material: Material, *, asking: bool = True) -> Checked:
        """Show a text to the rules of a stage, each the text that the one before left.

        Args:
            stage: which.
            material: the text, and what is known about it.
            asking: whether rules that ask a model or a service take part.
        """
        decisions: list[Decision] = []
        remarks: list[str] = []
        faults: list[str] = []
        for rule in self.rules:
            if rule.stage is not stage or (rule.asks and not asking):
                continue
            began = time.perf_counter()
            verdict = rule.check(material)
            spent = (time.perf_counter() - began) * 1000
            if verdict.action is not Action.ALLOW:
                decisions.append(_decision(rule, verdict, spent))
            if verdict.action is Action.MASK:
                material = replace(material, text=verdict.text)
            if verdict.action in (Action.REFUSE, Action.ESCALATE):
                return Checked(material.text, tuple(decisions), verdict.say or verdict.reason)
            if verdict.action is Action.REWRITE:
                faults.append(verdict.reason)
            elif verdict.say:
                remarks.append(verdict.say)
        return Checked(
            material.text, tuple(decisions), "", tuple(dict.fromkeys(remarks)), tuple(dict.fromkeys(faults))
        )


def _decision(rule: Rule, verdict: Verdict, spent: float) -> Decision:
    return Decision(
        rule=rule.name,
        stage=rule.stage,
        score=round(verdict.score, 4),
        action=verdict.action,
        reason=verdict.reason,
        ms=round(spent, 3),
    )


def open_rules(models: Models) -> tuple[Rule, ...]:
    """Every rule that there is a file for.

    Each file's `open_rules(models)` gives its rules; none, where what it needs is not configured.
    """
    found: list[Rule] = []
    for name in plugins.members(_FAMILY):
        found += plugins.load(_FAMILY, name, setting="a guardrail").open_rules(models)
    return tuple(sorted(found, key=lambda rule: (rule.asks, rule.name)))


def open_guard(models: Models, policies: Policies) -> Guard:
    """Every rule, held to these policies."""
    return Guard(open_rules(models), policies)


def reasons(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """Decisions as remarks for the trace."""
    return tuple(
        f"guardrail {each.rule} ({each.stage.value}): {each.action.value}, {each.reason}"
        for each in decisions
    )
