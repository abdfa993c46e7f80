"""Why an answer is as it is, for a person to read."""

from bot.outgoing import visible
from core.messages import Answer, Candidate, Trace
from ledger.turns import Turn

_SHOWN = 10
_TEXT = 100


def why(turn: Turn | None) -> str:
    """The candidates with their scores, the prompt and the pipeline's remarks behind a turn."""
    if turn is None or turn.answer is None:
        return "There is no answer to explain yet."
    answer, trace = turn.answer, turn.answer.trace
    parts = [
        f"Turn {turn.id}: {turn.state} by {answer.model or 'no model'}, attempt {turn.attempt}",
        f"Searched {trace.searched_documents} documents for: {trace.query}",
        _candidates(trace),
        _timings(answer),
        *(f"Note: {note}" for note in trace.notes),
        _prompt(trace),
    ]
    return visible("\n\n".join(part for part in parts if part))


def _candidates(trace: Trace) -> str:
    if not trace.candidates:
        return "Candidates: none"
    shown = trace.candidates[:_SHOWN]
    more = len(trace.candidates) - len(shown)
    lines = ["Candidates (* went into the prompt):", *(_candidate(candidate) for candidate in shown)]
    return "\n".join([*lines, *([f"  and {more} more"] if more else [])])


def _candidate(candidate: Candidate) -> str:
    scores = " ".join(f"{name} {score:.3f}" for name, score in candidate.scores.items())
    mark = "*" if candidate.used else " "
    place = " › ".join(part for part in (candidate.title, candidate.heading) if part)
    text = " ".join(candidate.text.split())[:_TEXT]
    return f"{mark}{candidate.rank:3d}  {candidate.score:.3f}  ({scores})  {place}\n          {text}"


def _timings(answer: Answer) -> str:
    steps = ", ".join(f"{step} {milliseconds:.0f}" for step, milliseconds in answer.timings.items())
    return f"Milliseconds: {steps}" if steps else ""


def _prompt(trace: Trace) -> str:
    if not trace.prompt:
        return ""
    said = (*trace.prompt, *trace.transcript)
    messages = "\n".join(f"--- {message.role}\n{message.content}" for message in said)
    return f"Prompt {trace.prompt_name}, version {trace.prompt_version}:\n{messages}"
