"""A model that invents, rounds, swaps and misdates gets no wrong figure past; an honest one is left be."""

import re
from collections import Counter

from core.completions import NO_ANSWER
from core.messages import Answer
from tests.workers.answering.fakes import FakeTool, calling
from tests.workers.answering.grounding.figures.scenes import SCENES, Case, cases
from tests.workers.answering.parts import Library, ScriptedModel, ask

PLANTED = list(cases("planted"))
HONEST = list(cases("honest"))


def answered(case: Case, *, again: str) -> tuple[Answer, ScriptedModel]:
    """A turn in which the model calls the tools, says the case, and, told of a wrong figure, `again`."""
    scene = SCENES[case.scene]
    tools = [FakeTool(f"tool_{at}", result) for at, result in enumerate(scene.results)]
    calls = [calling(*[(each.name, "{}") for each in tools])] if tools else []
    model = ScriptedModel(*calls, case.says, again, NO_ANSWER)
    return ask(scene.question, Library(*scene.chunks), model, tools=tools), model


def test_there_are_a_hundred_of_each_in_every_manner() -> None:
    assert len(PLANTED) >= 100
    assert len(HONEST) >= 100
    assert all(count >= 20 for count in Counter(case.kind for case in PLANTED).values())


def test_no_wrong_figure_is_said() -> None:
    passed = [
        case.says for case in PLANTED if _shown(case.says) in _plain(answered(case, again=case.says)[0].text)
    ]
    assert passed == []


def test_what_is_kept_back_is_counted_and_noted() -> None:
    for case in PLANTED[::10]:
        answer, _ = answered(case, again=case.says)
        assert (answer.trace.figures_rewritten, answer.trace.figures_removed) == (0, 1)
        assert "statements with figures that rest on nothing, left out: 1" in answer.trace.notes


def test_a_statement_is_written_again_once_with_the_right_figures() -> None:
    good = "The 30-year rate is 6.81% as of 2026-11-19."
    swapped = [case for case in PLANTED if case.scene == "both" and case.kind in ("swapped", "rounded")]
    for case in swapped:
        answer, model = answered(case, again=good)
        assert answer.text.startswith(good)
        assert (answer.trace.figures_rewritten, answer.trace.figures_removed) == (1, 0)
        told = model.told(2)
        assert f"Sentence: {case.says}" in told
        assert "6.81 percent, as of 2026-11-19" in told


def test_honest_answers_are_left_as_they_are() -> None:
    touched = [
        case.says for case in HONEST if _shown(case.says) not in _plain(answered(case, again="")[0].text)
    ]
    assert len(touched) <= 2, touched


def _shown(says: str) -> str:
    """A statement as it is shown, but for the numbers of its markers."""
    return _plain(says)


def _plain(text: str) -> str:
    return re.sub(r"\[\d\]", "[]", text)
