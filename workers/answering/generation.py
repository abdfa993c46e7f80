"""Generation: the model's turn, streamed through the gate."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.completions import NO_ANSWER, Completion, ModelRole, Prompt, StopReason
from core.messages import Exchange, Manner
from core.progress import Progress
from prompts.render import render
from workers.answering.calls import Calls
from workers.answering.context import Context
from workers.answering.grounding.evidence import Evidence
from workers.answering.grounding.gate import Statement, StreamGate


@dataclass(frozen=True, slots=True)
class Draft:
    """What the model made of the prompt, as far as it may be shown.

    Attributes:
        completion: the model's own reply.
        evidence: the passages that it was given.
        text: what passed the gate; empty when nothing has a source.
        statements: the text's statements, with the shown numbers of their sources.
        order: numbers of the given passages; `order[0]` is shown as [1].
        removed: numbers that the model cited though they were not given.
        no_answer: whether it said that the passages do not answer.
    """

    completion: Completion
    evidence: Evidence
    text: str
    statements: tuple[Statement, ...]
    order: tuple[int, ...]
    removed: tuple[int, ...]
    no_answer: bool


def fill(question: str, context: Context, history: Sequence[Exchange], manner: Manner) -> Prompt:
    """The prompt that has a question answered from these passages, in the channel's manner."""
    wishes = {"Persona": manner.persona, "Tone": manner.tone}
    return render(
        "answer",
        question=question,
        passages=context.passages,
        history=tuple(history),
        manner="\n".join(f"{name}: {' '.join(wish.split())}" for name, wish in wishes.items() if wish),
        no_answer=NO_ANSWER,
    )


def generate(prompt: Prompt, context: Context, calls: Calls, progress: Progress) -> Draft | None:
    """Ask the model, showing whole statements as they come. Without passages it is not asked: None.

    Raises:
        ModelUnavailable, ModelRejected: as the model does.
    """
    if not context.passages:
        return None
    progress.status("Writing the answer")
    evidence = Evidence(context.passages)
    gate = StreamGate(evidence, progress.write)
    pieces: list[str] = []

    def on_text(piece: str) -> None:
        pieces.append(piece)
        gate.feed(piece)

    completion = calls.ask(ModelRole.STRONG, prompt, on_text)
    ended = completion.stop in (StopReason.END, StopReason.LENGTH)
    if ended and "".join(pieces).strip() != completion.text.strip():
        # The completion counts. What was streamed otherwise is replaced when the reply is finished; when
        # nothing was streamed, the text is shown now.
        gate = StreamGate(evidence, _nowhere if pieces else progress.write)
        gate.feed(completion.text)
    if ended:
        gate.finish(cut=completion.stop is StopReason.LENGTH)
    return Draft(
        completion=completion,
        evidence=evidence,
        text=gate.text,
        statements=tuple(gate.statements),
        order=tuple(gate.order),
        removed=tuple(gate.removed),
        no_answer=gate.no_answer,
    )


def _nowhere(_text: str) -> None:
    """Where text goes that is not shown while it is written."""
