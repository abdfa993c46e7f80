"""Judge: where a model has that role, it says whether an answer rests on its passages. It fails closed."""

from collections.abc import Sequence

from pydantic import BaseModel, Field

from core.completions import CompletionRequest, Model, ModelRole, Models, StopReason
from core.errors import CandorError
from core.guardrails import FINE, Material, Rule, Verdict
from core.messages import Action, Stage
from prompts.render import render

_SECONDS, _TOKENS = 15.0, 300
_UNJUDGED = "it could not be judged: keep to what the passages say, in their own words"
_MOST = 200


class Judgement(BaseModel):
    """What the judge says of an answer."""

    supported: bool = Field(description="Whether every statement rests on the passages.")
    unsupported: str = Field(description="The first statement that does not, or an empty string.")


class Judge:
    """Has an answer judged by a model; one that cannot be judged counts as unsupported."""

    name, stage, asks = "judge", Stage.OUTPUT, True

    def __init__(self, model: Model) -> None:
        self._model = model

    def check(self, material: Material) -> Verdict:
        """Ask the judge, once."""
        if not material.passages:
            return FINE
        prompt = render("judge", answer=material.text, passages=material.cited or material.passages)
        request = CompletionRequest(
            prompt,
            response_model=Judgement,
            temperature=0.0,
            seed=7,
            max_tokens=_TOKENS,
            timeout=_SECONDS,
        )
        try:
            completion = self._model.complete(request)
        except CandorError:
            return Verdict(0.0, Action.REWRITE, _UNJUDGED)
        judged = completion.parsed
        if completion.stop is not StopReason.END or not isinstance(judged, Judgement):
            return Verdict(0.0, Action.REWRITE, _UNJUDGED)
        if judged.supported:
            return FINE
        what = " ".join(judged.unsupported.split())[:_MOST]
        return Verdict(1.0, Action.REWRITE, f"its sources do not say: {what}")


def open_rules(models: Models) -> Sequence[Rule]:
    """The rule, where a model has the role of judge."""
    judge = models.by_role.get(ModelRole.JUDGE)
    return (Judge(judge),) if judge and judge.capabilities.json_schema else ()
