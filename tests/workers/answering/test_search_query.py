"""A follow-up is made to stand alone; when that fails, it is searched as it is."""

import pytest

from core.completions import Completion, ModelRole, Models, StopReason
from core.deadline import Deadline
from core.errors import ModelRejected, ModelUnavailable
from tests.workers.answering.parts import ScriptedModel, exchange
from workers.answering.budget import AnsweringSettings
from workers.answering.calls import Calls
from workers.answering.search_query import SearchQuery, write

HISTORY = [exchange("When is the desk open?", "From 8:00 to 17:30 [1].")]


def written(
    model: ScriptedModel, question: str = "and on weekends?", small: ScriptedModel | None = None
) -> SearchQuery:
    roles = {ModelRole.STRONG: model} | ({ModelRole.SMALL: small} if small else {})
    return write(question, HISTORY, Calls(Models(roles), AnsweringSettings(), Deadline(30)))


def test_a_first_question_needs_no_model() -> None:
    model = ScriptedModel()
    calls = Calls(Models({ModelRole.STRONG: model}), AnsweringSettings(), Deadline(30))
    assert write("When is the desk open?", [], calls) == SearchQuery("When is the desk open?")
    assert model.requests == []


def test_a_follow_up_is_rewritten_from_the_conversation() -> None:
    model = ScriptedModel("When is the desk open\n on weekends?\n")
    query = written(model)
    assert query.text == "When is the desk open on weekends?"
    assert query.notes == ("the follow-up was searched as: When is the desk open on weekends?",)
    assert "Asked: When is the desk open?" in model.told()
    assert "[1]" not in model.told()


def test_the_small_model_rewrites_where_there_is_one() -> None:
    strong, small = ScriptedModel(), ScriptedModel("When is the desk open on weekends?")
    assert written(strong, small=small).text == "When is the desk open on weekends?"
    assert strong.requests == []


def test_a_question_that_stands_alone_leaves_no_note() -> None:
    assert written(ScriptedModel("Who  hands out passes?"), "Who hands out passes?") == SearchQuery(
        "Who hands out passes?"
    )


@pytest.mark.parametrize(
    "reply",
    [
        ModelUnavailable("CANDOR_OPENAI_BASE_URL: down"),
        ModelRejected("CANDOR_MODEL_SMALL: unknown"),
        "",
        "word " * 300,
        Completion("I would rather not.", StopReason.REFUSAL),
        Completion("When is the", StopReason.LENGTH),
    ],
)
def test_a_failed_rewrite_leaves_the_question_as_it_was_asked(reply: str | Completion | Exception) -> None:
    query = written(ScriptedModel(reply))
    assert query.text == "and on weekends?"
    assert "as it was asked" in query.notes[0]


def test_a_rewrite_takes_only_a_part_of_the_time() -> None:
    model = ScriptedModel("x?")
    written(model)
    assert 8 < model.requests[0].timeout <= 10
