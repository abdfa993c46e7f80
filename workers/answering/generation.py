"""Generation: the model's turn and its tools', streamed through the gate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from core.completions import NO_ANSWER, Completion, Message, ModelRole, Prompt, StopReason
from core.documents import Passage
from core.errors import CandorError
from core.messages import Exchange, Manner
from core.progress import Progress
from core.tools import Fact, Tool
from prompts.render import render
from workers.answering.calls import Calls
from workers.answering.context import Context
from workers.answering.grounding.evidence import Evidence
from workers.answering.grounding.figures.check import FigureCheck
from workers.answering.grounding.gate import Screen, Statement, StreamGate
from workers.answering.tool_loop import ToolLoop

_HELD = 240
"""Characters of a text that are kept back while a tool call may still follow: what is said before one."""

_MOST_MENDED = 3
_MEND_SHARE = 0.3
_REVISE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Draft:
    """What the model made of the prompt, as far as it may be shown.

    Attributes:
        completion: the model's own reply.
        evidence: the passages that it was given, those of tools included.
        passages: the same, as they are.
        text: what passed the gate; empty when nothing has a source.
        statements: the text's statements, with the shown numbers of their sources.
        order: numbers of the given passages; `order[0]` is shown as [1].
        removed: numbers that the model cited though they were not given.
        no_answer: whether it said that the passages do not answer.
        tools: what the tools were asked and what they gave.
        facts: the live values that the text states.
        rewritten, left_out: how many statements had figures that rest on nothing, by what became of them.
        withheld: what kept statements from being shown, in the guardrails' words.
    """

    completion: Completion
    evidence: Evidence
    passages: tuple[Passage, ...]
    text: str
    statements: tuple[Statement, ...]
    order: tuple[int, ...]
    removed: tuple[int, ...]
    no_answer: bool
    tools: ToolLoop
    facts: tuple[Fact, ...] = ()
    rewritten: int = 0
    left_out: int = 0
    withheld: tuple[str, ...] = ()

    @property
    def transcript(self) -> tuple[Message, ...]:
        """What the model and the tools said behind the prompt."""
        return self.tools.transcript


class Screening(Protocol):
    """The guardrails, as far as statements pass them while the answer is written."""

    def statement(self, text: str, passages: Sequence[Passage], system: str) -> tuple[str, tuple[str, ...]]:
        """The text to go on with, and what keeps it from being shown."""
        ...


def fill(
    question: str, context: Context, history: Sequence[Exchange], manner: Manner, tools: Sequence[Tool]
) -> Prompt:
    """The prompt that has a question answered from these passages, with these tools, in this manner."""
    wishes = {"Persona": manner.persona, "Tone": manner.tone}
    return render(
        "answer",
        question=question,
        passages=context.passages,
        history=tuple(history),
        manner="\n".join(f"{name}: {' '.join(wish.split())}" for name, wish in wishes.items() if wish),
        no_answer=NO_ANSWER,
        tools=bool(tools),
    )


def generate(  # noqa: PLR0917  # the walk's parts, handed on as they are
    prompt: Prompt,
    context: Context,
    loop: ToolLoop,
    calls: Calls,
    progress: Progress,
    checks: Screening | None = None,
) -> Draft | None:
    """Ask the model, showing whole statements as they come, and let it call tools before it answers.

    Without passages and tools it is not asked: None.

    Raises:
        ModelUnavailable, ModelRejected: as the model does.
    """
    if not context.passages and not loop.tools:
        return None
    progress.status("Writing the answer")
    evidence = Evidence(context.passages)
    while True:
        offered = loop.offered(calls.cost_usd)
        gate = StreamGate(
            evidence,
            progress.write,
            FigureCheck(prompt.variables["question"], loop.results),
            _mender(prompt, evidence, loop, calls),
            hold=_HELD if offered else 0,
            screen=_screen(prompt, evidence, checks),
        )
        completion = calls.ask(ModelRole.STRONG, prompt, gate.feed, transcript=loop.transcript, tools=offered)
        if completion.stop is not StopReason.TOOL_CALLS or not offered:
            break
        if gate.text:
            progress.restart()
        progress.status(_doing(completion))
        before = len(loop.passages)
        loop.take(completion)
        evidence.add(loop.passages[before:])
        if loop.asking:
            break
    if not loop.asking:
        gate = _ended(gate, completion, progress)
    return Draft(
        completion=completion,
        evidence=evidence,
        passages=(*context.passages, *loop.passages),
        text="" if loop.asking else gate.text,
        statements=tuple(gate.statements),
        order=tuple(gate.order),
        removed=tuple(gate.removed),
        no_answer=gate.no_answer,
        tools=loop,
        facts=tuple(gate.check.used),
        rewritten=gate.rewritten,
        left_out=gate.left_out,
        withheld=tuple(gate.withheld),
    )


def revise(
    draft: Draft, faults: Sequence[str], prompt: Prompt, calls: Calls, checks: Screening
) -> Draft | None:
    """Have an answer written again without what is wrong with it; None when the model did not end it.

    Raises:
        ModelUnavailable, ModelRejected, Misconfigured: as the model does.
    """
    question = prompt.variables["question"]
    again = render(
        "revise",
        question=question,
        answer=draft.completion.text,
        faults=tuple(faults),
        passages=draft.passages,
        results=tuple(result.text for result in draft.tools.results),
        no_answer=NO_ANSWER,
    )
    completion = calls.ask(ModelRole.STRONG, again, share=_REVISE_SHARE)
    if completion.stop is not StopReason.END:
        return None
    gate = StreamGate(
        draft.evidence,
        _nowhere,
        FigureCheck(question, draft.tools.results),
        screen=_screen(prompt, draft.evidence, checks),
    )
    gate.feed(completion.text)
    gate.finish()
    return replace(
        draft,
        completion=completion,
        text=gate.text,
        statements=tuple(gate.statements),
        order=tuple(gate.order),
        removed=tuple(gate.removed),
        no_answer=gate.no_answer,
        facts=tuple(gate.check.used),
        left_out=gate.left_out,
        withheld=tuple(gate.withheld),
    )


def _screen(prompt: Prompt, evidence: Evidence, checks: Screening | None) -> Screen | None:
    """Shows statements to the guardrails, with the passages as they are numbered by then."""
    if checks is None:
        return None
    system = prompt.messages[0].content

    def screen(statement: str) -> tuple[str, tuple[str, ...]]:
        passages = [evidence.passage(number) for number in range(1, len(evidence) + 1)]
        return checks.statement(statement, passages, system)

    return screen


def _ended(gate: StreamGate, completion: Completion, progress: Progress) -> StreamGate:
    """The gate at the end of the model's text."""
    ended = completion.stop in (StopReason.END, StopReason.LENGTH)
    if ended and gate.fed.strip() != completion.text.strip():
        # The completion counts. What was streamed otherwise is replaced when the reply is finished; when
        # nothing was streamed, the text is shown now.
        gate = gate.anew(_nowhere if gate.fed else progress.write)
        gate.feed(completion.text)
    if ended:
        gate.finish(cut=completion.stop is StopReason.LENGTH)
    return gate


def _mender(
    prompt: Prompt, evidence: Evidence, loop: ToolLoop, calls: Calls
) -> Callable[[str, list[str]], str]:
    """Has statements of this answer written again, a few at most."""
    mended = 0

    def mend(statement: str, wrong: list[str]) -> str:
        nonlocal mended
        mended += 1
        if mended > _MOST_MENDED:
            return ""
        again = render(
            "mend",
            statement=statement,
            wrong=tuple(wrong),
            passages=tuple(evidence.passage(number) for number in range(1, len(evidence) + 1)),
            results=tuple(result.text for result in loop.results),
            question=prompt.variables["question"],
            no_answer=NO_ANSWER,
        )
        try:
            completion = calls.ask(ModelRole.STRONG, again, share=_MEND_SHARE)
        except CandorError:
            return ""
        return completion.text if completion.stop is StopReason.END else ""

    return mend


def _doing(completion: Completion) -> str:
    """What is being done, in a few words of ours."""
    names = list(dict.fromkeys(call.name for call in completion.tool_calls))
    return "Looking it up" if len(names) == 1 else f"Looking it up in {len(names)} places"


def _nowhere(_text: str) -> None:
    """Where text goes that is not shown while it is written."""
