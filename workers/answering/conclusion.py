"""The conclusion: which outcome a draft is, and what the asker reads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.completions import Completion, StopReason
from core.messages import Citation, Confirmation, Outcome, ToolUse
from core.secrets import mask
from workers.answering.abstention import abstain
from workers.answering.context import Context
from workers.answering.disagreement import remarks
from workers.answering.generation import Draft
from workers.answering.grounding.citations import cite
from workers.answering.live_values import caveats, plain

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
    tools: tuple[ToolUse, ...] = ()
    confirmation: Confirmation | None = None


def conclude(draft: Draft | None, query: str, context: Context, documents: int) -> Conclusion:
    """Judge a draft. None is one that was never asked for, since there were no passages and no tools.

    A text of which nothing cites a given passage or rests on a tool's result is no answer, whatever it says.
    """
    nothing = abstain(query, documents, context.candidates)
    if not draft:
        return Conclusion(Outcome.ABSTAINED, nothing, notes=("no passage was found: no model was asked",))
    tools = tuple(draft.tools.uses)
    if asking := draft.tools.asking:
        return Conclusion(
            Outcome.ANSWERED,
            asking.text,
            notes=tuple(draft.tools.notes),
            tools=tools,
            confirmation=asking.confirmation,
        )
    if refusal := refused(draft.completion):
        return replace(refusal, notes=(*draft.tools.notes, *refusal.notes), tools=tools)
    notes = (*draft.tools.notes, *_removed(draft.removed), *_figures(draft))
    if draft.completion.stop is StopReason.LENGTH:
        notes = (*notes, "the model's text was cut off at its limit")
    failures = tuple(f"_{plain(each)}_" for each in draft.tools.failures)
    if draft.text:
        citations = cite(draft.statements, draft.order, draft.passages, draft.evidence, query)
        remark = remarks(context.disagreements, [number - 1 for number in draft.order])
        below = (*caveats(draft.text, draft.facts), *failures, *draft.tools.shown)
        text = "\n\n".join(part for part in (draft.text, remark, *below) if part)
        return Conclusion(Outcome.ANSWERED, text, citations, notes, tools)
    why = (
        "the model found no answer in the passages"
        if draft.no_answer
        else "the model's text cited none of the passages, so it is not shown"
    )
    text = "\n\n".join([nothing, *failures])
    if draft.tools.results and not failures:
        why = "nothing that the model wrote rests on what the tools returned"
    return Conclusion(Outcome.ABSTAINED, text, notes=(*notes, why), tools=tools)


def refused(completion: Completion) -> Conclusion | None:
    """The conclusion of a completion that was refused or filtered; None for any other."""
    if completion.stop is StopReason.REFUSAL:
        return Conclusion(Outcome.REFUSED, REFUSED, notes=(f"the model declined: {mask(completion.text)}",))
    if completion.stop is StopReason.CONTENT_FILTER:
        return Conclusion(Outcome.REFUSED, FILTERED, notes=("the model's content filter stopped it",))
    return None


def _figures(draft: Draft) -> tuple[str, ...]:
    counts = ((draft.rewritten, "written again"), (draft.left_out, "left out"))
    return tuple(
        f"statements with figures that rest on nothing, {what}: {count}" for count, what in counts if count
    )


def _removed(numbers: Sequence[int]) -> tuple[str, ...]:
    if not numbers:
        return ()
    listed = ", ".join(f"[{number}]" for number in sorted(set(numbers)))
    return (f"removed markers of passages that were not given: {listed}",)
