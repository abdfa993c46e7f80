"""Measures of guardrails: what each flags and refuses on anybody's cases, and how long it takes."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from pydantic import ConfigDict, ValidationError

from core.errors import Misconfigured
from core.guardrails import Material, Rule
from core.messages import Action, Frozen, Stage
from core.policy import ChannelPolicy

EVERY = "all"
"""The row that counts a case as flagged or refused when any rule does it."""

_PERCENTILE = 0.95


class Case(Frozen):
    """One text, what it is, and where on the walk it would stand. What else its line has is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    text: str
    label: str
    stage: Stage = Stage.INPUT


class Row(TypedDict):
    """What one rule made of the cases of one label. `p95_ms` is the 95th percentile of its time."""

    rule: str
    label: str
    n: int
    flagged: int
    refused: int
    p95_ms: float


@dataclass(frozen=True, slots=True)
class _Seen:
    label: str
    rule: str
    action: Action
    ms: float


def cases(path: Path) -> list[Case]:
    """Read cases: JSON lines of `id`, `text`, `label` and `stage` (input, passages or output).

    Raises:
        Misconfigured: naming the file and the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"--cases: cannot read {path} ({type(error).__name__})") from None
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            found.append(Case.model_validate(json.loads(line)))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "line"
            raise Misconfigured(f"{path}:{number}: {where}: {first['msg']}") from None
        except ValueError:
            raise Misconfigured(f"{path}:{number}: is no JSON") from None
    if not found:
        raise Misconfigured(f"--cases: there is no case in {path}")
    return found


def measure(
    rules: Sequence[Rule], given: Sequence[Case], policy: ChannelPolicy, on_case: Callable[[], None]
) -> list[Row]:
    """Show every case to every rule of its stage, each as it came, and count.

    Args:
        rules: the guardrails.
        given: the cases.
        policy: what they are held to.
        on_case: called after each.
    """
    seen: list[_Seen] = []
    for case in given:
        material = Material(case.text, policy)
        chain: list[_Seen] = []
        for rule in rules:
            if rule.stage is case.stage:
                began = time.perf_counter()
                action = rule.check(material).action
                spent = (time.perf_counter() - began) * 1000
                chain.append(_Seen(case.label, f"{rule.name} ({rule.stage.value})", action, spent))
        worst = max((each.action for each in chain), key=list(Action).index, default=Action.ALLOW)
        seen += [*chain, _Seen(case.label, EVERY, worst, sum(each.ms for each in chain))]
        on_case()
    names = dict.fromkeys(each.rule for each in seen if each.rule != EVERY)
    labels = sorted({each.label for each in seen})
    rows = [_row(seen, rule, label) for rule in (*names, EVERY) for label in labels]
    return [row for row in rows if row["n"]]


def _row(seen: Sequence[_Seen], rule: str, label: str) -> Row:
    mine = [each for each in seen if (each.rule, each.label) == (rule, label)]
    times = sorted(each.ms for each in mine)
    return Row(
        rule=rule,
        label=label,
        n=len(mine),
        flagged=sum(each.action is not Action.ALLOW for each in mine),
        refused=sum(each.action is Action.REFUSE for each in mine),
        p95_ms=round(times[min(len(times) - 1, int(_PERCENTILE * len(times)))], 3) if times else 0.0,
    )
