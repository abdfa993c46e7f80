"""Rules that ask a model or a service: what they say counts, and silence counts against the text."""

from collections.abc import Iterator

import pytest

from core.completions import Capabilities, Completion, CompletionRequest, ModelRole, Models
from core.errors import ModelUnavailable
from core.guardrails import FINE
from core.messages import Action, Stage
from core.vendors import OpenAISettings
from tests.servers.openai_server import OpenAIServer
from tests.workers.answering.parts import ScriptedModel
from tests.workers.guardrails.material import answered, asked
from workers.guardrails import judge
from workers.guardrails.judge import Judge, Judgement
from workers.guardrails.moderation import Moderation
from workers.models.openai.moderation import Moderator


class JudgeModel(ScriptedModel):
    """A model that can be held to a schema."""

    capabilities = Capabilities(api="none", json_schema=True)


@pytest.fixture
def moderator() -> Iterator[Moderator]:
    with OpenAIServer() as server:
        settings = OpenAISettings(openai_base_url=server.base_url)
        yield Moderator(settings.endpoint(), "omni-moderation-latest")


def test_what_the_endpoint_flags_is_refused_by_category(moderator: Moderator) -> None:
    verdict = Moderation(Stage.INPUT, moderator).check(asked("please flag me"))
    assert (verdict.action, verdict.score, verdict.reason) == (Action.REFUSE, 0.91, "moderation: violence")
    assert Moderation(Stage.INPUT, moderator).check(asked("where is the key?")) == FINE


def test_an_endpoint_that_does_not_answer_lets_nothing_through() -> None:
    with OpenAIServer() as server:
        settings = OpenAISettings(openai_base_url=server.base_url)
    silent = Moderator(settings.endpoint(), "omni-moderation-latest")
    assert Moderation(Stage.OUTPUT, silent).check(asked("hello")).action is Action.REFUSE


def _said(*, supported: bool, unsupported: str = "") -> Completion:
    judgement = Judgement(supported=supported, unsupported=unsupported)
    return Completion(judgement.model_dump_json(), parsed=judgement)


def test_a_judge_lets_pass_what_it_finds_supported() -> None:
    model = JudgeModel(_said(supported=True), size=0)
    assert Judge(model).check(answered("North yard [1].", "North yard.")) == FINE
    request: CompletionRequest = model.requests[0]
    assert request.response_model is Judgement
    assert "North yard [1]." in request.prompt.messages[-1].content


def test_a_judge_says_what_is_unsupported() -> None:
    model = JudgeModel(_said(supported=False, unsupported="South yard."), size=0)
    verdict = Judge(model).check(answered("South yard [1].", "North yard."))
    assert (verdict.action, verdict.reason) == (Action.REWRITE, "its sources do not say: South yard.")


@pytest.mark.parametrize("reply", [ModelUnavailable("down"), Completion("no JSON")])
def test_what_cannot_be_judged_does_not_pass(reply: Completion | Exception) -> None:
    assert Judge(JudgeModel(reply, size=0)).check(answered("A [1].", "A.")).action is Action.REWRITE


def test_there_is_a_judge_where_a_model_has_the_role() -> None:
    assert judge.open_rules(Models()) == ()
    assert len(judge.open_rules(Models({ModelRole.JUDGE: JudgeModel()}))) == 1
