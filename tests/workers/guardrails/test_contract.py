"""What holds for every guardrail there is."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import plugins
from core.guardrails import Material, Rule
from core.messages import Action, Stage
from tests.workers.guardrails.material import LOCAL
from workers.guardrails._guard import Guard

_RUNS = (
    "a",
    " ",
    "1",
    "@",
    "a@",
    "-",
    ".",
    "[",
    "](",
    "`",
    "\n",
    "<",
    "you are now ",
    "ignore all ",
    "+1 ",
    "::",
)
_WORDS = [
    "where",
    "do",
    "visitors",
    "park",
    "and",
    "who",
    "hands",
    "out",
    "the",
    "pass",
    "for",
    "the",
    "north",
    "yard",
    "on",
    "a",
    "holiday",
]


def _ids(rule: Rule) -> str:
    return f"{rule.name}-{rule.stage.value}"


def test_every_file_is_a_rule_or_needs_a_service_that_is_not_configured() -> None:
    found = {rule.name for rule in LOCAL}
    assert set(plugins.members("workers.guardrails")) - found == {"judge", "moderation"}


@pytest.mark.parametrize("rule", LOCAL, ids=_ids)
class TestRule:
    def test_it_says_where_it_stands(self, rule: Rule) -> None:
        assert rule.stage in Stage
        assert not rule.asks

    def test_an_ordinary_text_passes(self, rule: Rule) -> None:
        verdict = rule.check(Material("Visitors park in the north yard. A pass is valid for one day."))
        assert (verdict.action, verdict.score) == (Action.ALLOW, 0.0)

    @given(text=st.text(max_size=200))
    def test_it_judges_any_text_alike_twice(self, rule: Rule, text: str) -> None:
        first, second = rule.check(Material(text)), rule.check(Material(text))
        assert first == second
        assert 0.0 <= first.score <= 1.0
        assert (first.action is Action.ALLOW) == (not first.reason)

    def test_no_text_takes_it_long(self, rule: Rule) -> None:
        for run in _RUNS:
            text = (run * 8000)[:8000]
            began = time.thread_time()
            rule.check(Material(text))
            assert time.thread_time() - began < 1.0, run


def test_all_rules_together_take_ten_milliseconds_for_a_long_message() -> None:
    chance = random.Random(3)
    text = ""
    while len(text) < 4000:
        text += f"{' '.join(chance.choices(_WORDS, k=12)).capitalize()}. "
    guard = Guard(LOCAL)
    spent = []
    for _ in range(40):
        began = time.thread_time()
        guard.run(Stage.INPUT, Material(text))
        guard.run(Stage.OUTPUT, Material(text))
        spent.append(time.thread_time() - began)
    assert sorted(spent)[len(spent) // 2] < 0.010
