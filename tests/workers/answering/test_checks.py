"""What becomes of an answer that a guardrail holds back: written again once, else quotes, else silence."""

from core.completions import Completion, ModelRole, Models
from core.messages import Action, Outcome, Stage
from core.policy import ChannelPolicy, Policies, Policy
from tests.workers.answering.parts import Library, ScriptedModel, Transcript, ask, chunk
from tests.workers.guardrails.test_services import JudgeModel
from workers.guardrails._guard import Guard, open_rules
from workers.guardrails.judge import Judgement

YARD = Library(chunk("The north yard is open to visitors. The desk hands out passes.", title="Yard"))
ASKED = "Which yard is open to visitors?"
TRUE = "The north yard is open to visitors [1]."
FALSE = "The yard in Oslo is open to visitors [1]."


def _guard(policy: ChannelPolicy | None = None, models: Models | None = None) -> Guard:
    return Guard(open_rules(models or Models()), Policies(Policy(policy or ChannelPolicy())))


def test_an_answer_that_passes_is_shown_as_it_is() -> None:
    answer = ask(ASKED, YARD, ScriptedModel(TRUE), guard=_guard())
    assert (answer.outcome, answer.text, answer.trace.decisions) == (Outcome.ANSWERED, TRUE, ())


def test_one_that_is_not_grounded_is_written_again_and_was_never_seen() -> None:
    transcript = Transcript()
    model = ScriptedModel(FALSE, TRUE)
    answer = ask(ASKED, YARD, model, transcript=transcript, guard=_guard())
    assert answer.text == TRUE
    assert "Oslo" not in transcript.text
    assert "Oslo" in model.told()
    assert model.requests[-1].prompt.name == "revise"
    assert [(each.rule, each.stage, each.action) for each in answer.trace.decisions] == [
        ("grounding", Stage.OUTPUT, Action.REWRITE)
    ]
    assert "the answer was written again, since a guardrail held it back" in answer.trace.notes


def test_what_is_still_wrong_is_left_out_and_the_rest_is_shown() -> None:
    answer = ask(ASKED, YARD, ScriptedModel(f"{TRUE} {FALSE}", FALSE), guard=_guard())
    assert (answer.outcome, answer.text) == (Outcome.ANSWERED, TRUE)


def test_of_an_answer_of_which_nothing_is_left_nothing_is_shown() -> None:
    answer = ask(ASKED, YARD, ScriptedModel(FALSE, FALSE), guard=_guard())
    assert answer.outcome is Outcome.ABSTAINED
    assert "Oslo" not in answer.text


def _judged(*supported: bool) -> JudgeModel:
    said = [Judgement(supported=each, unsupported="" if each else "all of it") for each in supported]
    return JudgeModel(*(Completion(each.model_dump_json(), parsed=each) for each in said), size=0)


def test_what_the_judge_does_not_let_pass_twice_is_replaced_by_quotes() -> None:
    judge = _judged(False, False, True)
    guard = _guard(models=Models({ModelRole.JUDGE: judge}))
    answer = ask(ASKED, YARD, ScriptedModel(TRUE, TRUE), guard=guard)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text == "> The north yard is open to visitors. [1]"


def test_when_not_even_the_quotes_pass_candor_says_that_it_does_not_know() -> None:
    guard = _guard(models=Models({ModelRole.JUDGE: _judged(False, False, False)}))
    answer = ask(ASKED, YARD, ScriptedModel(TRUE, TRUE), guard=guard)
    assert (answer.outcome, answer.citations) == (Outcome.ABSTAINED, ())


def test_required_words_stand_under_the_answer() -> None:
    guard = _guard(ChannelPolicy(required=("Internal use only.",)))
    assert ask(ASKED, YARD, ScriptedModel(TRUE), guard=guard).text == f"{TRUE}\n\n_Internal use only._"
