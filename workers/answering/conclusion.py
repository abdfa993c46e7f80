"""The conclusion: which outcome a draft is, and what the asker reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.completions import Completion, StopReason
from core.messages import Citation, Outcome
from core.secrets import mask
from workers.answering.abstention import abstain
from workers.answering.context import Context
from workers.answering.disagreement import remarks
from workers.answering.generation import Draft
from workers.answering.grounding.citations import cite

# A model's own words of refusal are not shown: they may say anything. The trace keeps them.
REFUSED = "I can't help with this one: the language model declined to answer it."
FILTERED = "I can't help with this one: the language model's content filter stopped the answer."


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How a question ended, in words; `notes` are for the trace."""

    outcome: Outcome
    text: str
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()


def conclude(draft: Draft | None, query: str, context: Context, documents: int) -> Conclusion:
    """Judge a draft. None is one that was never asked for, since there were no passages.

    A text of which nothing cites a given passage is no answer, whatever it says.
    """
    if draft and (refusal := refused(draft.completion)):
        return refusal
    nothing = abstain(query, documents, context.candidates)
    if not draft:
        return Conclusion(Outcome.ABSTAINED, nothing, notes=("no passage was found: no model was asked",))
    notes = _removed(draft.removed)
    if draft.completion.stop is StopReason.LENGTH:
        notes = (*notes, "the model's text was cut off at its limit")
    if draft.text:
        citations = cite(draft.statements, draft.order, context.passages, draft.evidence, query)
        remark = remarks(context.disagreements, [number - 1 for number in draft.order])
        text = f"{draft.text}\n\n{remark}" if remark else draft.text
        return Conclusion(Outcome.ANSWERED, text, citations, notes)
    why = (
        "the model found no answer in the passages"
        if draft.no_answer
        else "the model's text cited none of the passages, so it is not shown"
    )
    return Conclusion(Outcome.ABSTAINED, nothing, notes=(*notes, why))


def refused(completion: Completion) -> Conclusion | None:
    """The conclusion of a completion that was refused or filtered; None for any other."""
    if completion.stop is StopReason.REFUSAL:
        return Conclusion(Outcome.REFUSED, REFUSED, notes=(f"the model declined: {mask(completion.text)}",))
    if completion.stop is StopReason.CONTENT_FILTER:
        return Conclusion(Outcome.REFUSED, FILTERED, notes=("the model's content filter stopped it",))
    return None


def _removed(numbers: Sequence[int]) -> tuple[str, ...]:
    if not numbers:
        return ()
    listed = ", ".join(f"[{number}]" for number in sorted(set(numbers)))
    return (f"removed markers of passages that were not given: {listed}",)
