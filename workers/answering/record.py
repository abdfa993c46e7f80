"""The record of an answer: its outcome with what it cost, how long it took, and why it is as it is."""

import math
from collections.abc import Sequence

from core.completions import Message
from core.documents import Passage
from core.messages import Answer, Candidate, Decision, Trace, TraceMessage
from core.secrets import mask
from workers.answering.calls import Calls
from workers.answering.conclusion import Conclusion
from workers.answering.generation import Draft
from workers.answering.steps import Steps


def record(  # noqa: PLR0917  # the walk's parts, handed on as they are
    conclusion: Conclusion,
    trace: Trace,
    calls: Calls,
    steps: Steps,
    decisions: Sequence[Decision] = (),
    follow_ups: tuple[str, ...] = (),
    withheld: int = 0,
) -> Answer:
    """Close the walk: everything about the answer in one piece."""
    main = calls.first("answer", "summarize")
    return Answer(
        outcome=conclusion.outcome,
        text=conclusion.text,
        citations=conclusion.citations,
        tools=conclusion.tools,
        confirmation=conclusion.confirmation,
        model=main.model.name if main else "",
        usage=calls.usage,
        cost_usd=calls.cost_usd,
        timings=steps.timings,
        trace=trace.model_copy(update={"decisions": tuple(decisions)}),
        follow_ups=follow_ups,
        withheld=withheld,
    )


def explain(
    query: str,
    documents: int,
    candidates: Sequence[Passage],
    calls: Calls,
    *,
    used: Sequence[Passage],
    notes: Sequence[str],
    draft: Draft | None = None,
) -> Trace:
    """The trace of an answer: what was searched and found, and what the model was told.

    Args:
        query: what was searched for.
        documents: how many documents were searched.
        candidates: what was found and may be read, best first.
        calls: the model calls.
        used: those of the candidates that the model was given.
        notes: the steps' own remarks.
        draft: what the model and its tools made of the prompt, where there is one.

    What came from documents and tools is kept with known secrets masked.
    """
    main = calls.first("answer", "summarize")
    given = {passage.chunk.id for passage in used}
    return Trace(
        query=query,
        searched_documents=documents,
        candidates=tuple(
            _candidate(rank, passage, used=passage.chunk.id in given)
            for rank, passage in enumerate(candidates, start=1)
        ),
        prompt_name=main.prompt.name if main else "",
        prompt_version=main.prompt.version if main else "",
        prompt=tuple(
            TraceMessage(role=message.role, content=mask(message.content))
            for message in (main.prompt.messages if main else ())
        ),
        transcript=tuple(
            TraceMessage(role=message.role, content=mask(_told(message)))
            for message in (draft.transcript if draft else ())
        ),
        system_fingerprint=main.completion.system_fingerprint if main else "",
        seed=main.seed if main else None,
        notes=tuple(notes),
        figures_rewritten=draft.rewritten if draft else 0,
        figures_removed=draft.left_out if draft else 0,
        perplexity=perplexity(main.completion.logprobs) if main else None,
    )


def perplexity(logprobs: Sequence[float]) -> float | None:
    """How surprised a model was by its own tokens: e to the mean negative log-likelihood; 1 is not at all."""
    return math.exp(-sum(logprobs) / len(logprobs)) if logprobs else None


def _told(message: Message) -> str:
    """A message behind the prompt in words: what was said, and each call."""
    calls = [f"{call.name}({call.arguments})" for call in message.tool_calls]
    return "\n".join(part for part in (message.content, *calls) if part)


def _candidate(rank: int, passage: Passage, *, used: bool) -> Candidate:
    chunk = passage.chunk
    return Candidate(
        rank=rank,
        document_id=chunk.document_id,
        title=chunk.title,
        heading=chunk.place,
        source=chunk.link,
        text=mask(chunk.text),
        score=passage.score,
        scores=dict(passage.scores),
        used=used,
        readers=chunk.readers,
    )
