"""Models are asked by role, reproducibly, within the time; and it is kept what that took."""

import pytest

from core.completions import Capabilities, Completion, ModelRole, Models
from core.deadline import Deadline
from core.errors import DeadlineExceeded
from core.messages import Usage
from prompts.render import render
from tests.workers.answering.parts import ScriptedModel
from workers.answering.budget import AnsweringSettings
from workers.answering.calls import Calls

PROMPT = render("merge_summaries", title="Rules", lines=("- One. [1]",))


def calls(model: ScriptedModel, seconds: float = 30) -> Calls:
    return Calls(Models({ModelRole.STRONG: model}), AnsweringSettings(answer_tokens=77), Deadline(seconds))


def test_a_request_is_as_reproducible_as_can_be_and_bounded() -> None:
    model = ScriptedModel("- One. [1]")
    made = calls(model)
    made.ask(ModelRole.STRONG, PROMPT, share=0.5)
    (request,) = model.requests
    assert (request.temperature, request.seed, request.max_tokens) == (0.0, 7, 77)
    assert 14 < request.timeout <= 15
    assert [each.seed for each in made.made] == [7]


def test_no_seed_is_claimed_for_a_model_that_takes_none() -> None:
    model = ScriptedModel("- One. [1]")
    model.capabilities = Capabilities(api="responses")
    made = calls(model)
    made.ask(ModelRole.STRONG, PROMPT)
    assert [each.seed for each in made.made] == [None]


def test_the_work_of_a_role_that_is_not_set_falls_to_the_strong_model() -> None:
    model = ScriptedModel("- One. [1]")
    assert calls(model).ask(ModelRole.SMALL, PROMPT).text == "- One. [1]"


def test_tokens_and_costs_add_up() -> None:
    made = calls(
        ScriptedModel(
            Completion("a", usage=Usage(input_tokens=5, output_tokens=2), cost_usd=0.25),
            Completion("b", usage=Usage(input_tokens=7, output_tokens=1), cost_usd=0.5),
            Completion("c"),
        )
    )
    assert made.cost_usd == 0
    for _ in range(2):
        made.ask(ModelRole.STRONG, PROMPT)
    assert (made.usage, made.cost_usd) == (Usage(input_tokens=12, output_tokens=3), 0.75)
    made.ask(ModelRole.STRONG, PROMPT)
    assert made.cost_usd is None


def test_nothing_is_asked_when_the_time_is_over() -> None:
    model = ScriptedModel("x")
    with pytest.raises(DeadlineExceeded, match="merge summaries"):
        calls(model, 0).ask(ModelRole.STRONG, PROMPT)
    assert model.requests == []
