"""The tool loop: the model and the tools take turns, within limits of rounds, time and money."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core import log
from core.background import in_background
from core.completions import Completion, Message, ToolCall, ToolSpec
from core.deadline import Deadline
from core.documents import Passage
from core.errors import BadArguments, CandorError
from core.messages import Confirmation, ToolUse
from core.secrets import mask
from core.tools import Tool, ToolContext, ToolResult
from prompts.render import tool_block
from retrieval.access import allowed
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.context import Context

_LOG = log.get(__name__)

_TRIES = 2
"""Wrong arguments go back to the model once; after the second time a tool is called no more."""

_KEPT_FOR_THE_ANSWER = 0.3
"""The part of an answer's time that is kept for writing it: then no tool is offered any more."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What a turn ends with instead of an answer: may a tool change something? the asker is asked."""

    confirmation: Confirmation
    text: str


@dataclass(slots=True)
class _Run:
    """One call: what was asked, and what came back or is still awaited."""

    call: ToolCall
    result: ToolResult | None = None
    waiting: Future[ToolResult] | None = None
    repeated: bool = False


@dataclass(slots=True)
class ToolLoop:
    """The tool calls of one answer.

    Args:
        tools: what may be called.
        context: on whose behalf.
        settings: the limits.
        prompted: what the prompt has; passages of tools are numbered behind its own.
        screen: takes what gives the model orders out of what comes back.

    Attributes:
        transcript: what the model and the tools have said behind the prompt.
        results: what came back, in the order of the calls.
        uses: the calls, for the answer.
        passages: what tools found and this audience may read.
        asking: the question that the turn has to end with, if a tool that changes something was called.
        notes: remarks for the trace.
    """

    tools: Sequence[Tool]
    context: ToolContext
    settings: AnsweringSettings
    prompted: Context
    screen: Callable[[str], str] | None = None
    transcript: tuple[Message, ...] = ()
    results: list[ToolResult] = field(default_factory=list)
    uses: list[ToolUse] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    asking: Asking | None = None
    notes: list[str] = field(default_factory=list)
    _rounds: int = 0
    _wrong: Counter[str] = field(default_factory=Counter)
    _known: dict[tuple[str, str], ToolResult] = field(default_factory=dict)
    _failures: dict[str, str] = field(default_factory=dict)
    _patience: float = field(init=False)

    def __post_init__(self) -> None:
        self._patience = self.context.deadline.remaining() * _KEPT_FOR_THE_ANSWER

    def offered(self, cost_usd: float | None) -> tuple[ToolSpec, ...]:
        """The tools that the model may call now; none once a limit is reached.

        Args:
            cost_usd: what the answer has cost so far; None where it is unknown.
        """
        limits = {
            "rounds": self._rounds < self.settings.tool_steps,
            "calls": len(self.results) < self.settings.tool_calls,
            "time": self.context.deadline.remaining() > self._patience,
            "money": (cost_usd or 0.0) <= self.settings.tool_cost_usd,
        }
        reached = [name for name, kept in limits.items() if not kept]
        if self.tools and reached and self._rounds:
            self.notes.append(f"no more tools were offered: the limit of {reached[0]} is reached")
        if reached:
            return ()
        return tuple(each.spec for each in self.tools if self._wrong[each.spec.name] < _TRIES)

    def take(self, completion: Completion) -> None:
        """Make the calls that the model asks for, side by side, and write down what they gave, in order."""
        self._rounds += 1
        deadline = Deadline(min(self.settings.tool_round_seconds, self.context.deadline.remaining()))
        left = self.settings.tool_calls - len(self.results)
        begun: list[_Run] = []
        for at, call in enumerate(completion.tool_calls):
            begun.append(
                self._begin(call, deadline)
                if at < left
                else _Run(call, _failed("There were too many calls."))
            )
        answers = [self._end(each, deadline) for each in begun]
        said = Message("assistant", completion.text, tool_calls=completion.tool_calls)
        self.transcript = (*self.transcript, said, *answers)

    @property
    def failures(self) -> tuple[str, ...]:
        """What each tool that failed, and did not succeed after all, said of it."""
        return tuple(self._failures.values())

    @property
    def shown(self) -> tuple[str, ...]:
        """What the tools want to stand under the answer."""
        return tuple(dict.fromkeys(each.shown for each in self.results if each.shown))

    def _begin(self, call: ToolCall, deadline: Deadline) -> _Run:
        tool = next((each for each in self.tools if each.spec.name == call.name), None)
        if tool is None:
            names = ", ".join(each.spec.name for each in self.tools)
            return _Run(
                call, self._refused(call.name, f"There is no tool of that name. The tools are: {names}.")
            )
        if self._wrong[call.name] >= _TRIES:
            return _Run(call, _failed("This tool may be called no more. Answer without it, and say so."))
        try:
            arguments = tool.parse(call.arguments)
        except BadArguments as error:
            return _Run(call, self._refused(call.name, f"These arguments are wrong: {error}"))
        if tool.writes:
            return _Run(call, self._propose(tool, call, arguments))
        if known := self._known.get((call.name, call.arguments)):
            return _Run(call, known, repeated=True)
        context = ToolContext(self.context.question, deadline)
        return _Run(call, waiting=in_background(f"tool {call.name}", lambda: tool.run(arguments, context)))

    def _end(self, run: _Run, deadline: Deadline) -> Message:
        call = run.call
        result = run.result or _awaited(run, deadline)
        result = self._readable(result)
        if run.waiting:
            self._known[call.name, call.arguments] = result
            if result.failed:
                self._failures[call.name] = result.text
            else:
                self._failures.pop(call.name, None)
        first = len(self.prompted.passages) + len(self.passages) + 1
        if not run.repeated:
            self.passages += result.passages
            self.results.append(result)
            self.uses.append(used(call.name, call.arguments, result))
        said = mask(
            tool_block(
                result.text, () if run.repeated else result.passages, first=first, failed=result.failed
            )
        )
        return Message("tool", said, tool_call_id=call.id)

    def _readable(self, result: ToolResult) -> ToolResult:
        """The result with the passages that this audience may read, as far as they fit, without orders."""
        if self.screen:
            result = _screened(result, self.screen)
        if not result.passages:
            return result
        left = self.settings.context_tokens
        kept: list[Passage] = []
        for each in result.passages:
            size = tokens(each.chunk.text)
            if allowed(each.chunk, self.context.question.audience) and size <= left:
                kept.append(each)
                left -= size
        return ToolResult(
            result.text,
            result.facts,
            tuple(kept[: self.settings.context_passages]),
            result.shown,
            result.failed,
        )

    def _refused(self, name: str, problem: str) -> ToolResult:
        self._wrong[name] += 1
        self.notes.append(f"a call of {mask(name)[:80]} was sent back: {mask(problem)[:300]}")
        again = (
            "Mend it and call once more."
            if self._wrong[name] < _TRIES
            else "Do not call it again; answer without it."
        )
        return _failed(f"{problem} {again}")

    def _propose(self, tool: Tool, call: ToolCall, arguments: Any) -> ToolResult:
        if mask(call.arguments) != call.arguments:
            return self._refused(call.name, "They hold a secret, which may not be kept.")
        if self.asking is None:
            minutes = max(1, round(self.settings.confirm_seconds / 60))
            expires = datetime.now(UTC) + timedelta(seconds=self.settings.confirm_seconds)
            confirmation = Confirmation(tool=call.name, arguments=call.arguments, expires_at=expires)
            what = " ".join(tool.describe(arguments).split())
            unit = "minute" if minutes == 1 else "minutes"
            self.asking = Asking(confirmation, f"Shall I {what}? Reply “yes” here within {minutes} {unit}.")
        return ToolResult("Not done yet: the asker is asked first.")


def used(name: str, arguments: str, result: ToolResult) -> ToolUse:
    """A call as the answer carries it, known secrets masked."""
    facts = [
        {
            "label": mask(fact.label),
            "value": mask(fact.value),
            "unit": mask(fact.unit),
            "as_of": fact.as_of.isoformat() if fact.as_of else None,
            "source": mask(fact.source),
            "url": mask(fact.url),
            "stale": mask(fact.stale),
            "caution": mask(fact.caution),
        }
        for fact in result.facts
    ]
    body = {"text": mask(result.text), "facts": facts, "failed": result.failed}
    return ToolUse(name=name, arguments=mask(arguments), result=json.dumps(body, ensure_ascii=False))


def run_tool(tool: Tool, arguments: Any, context: ToolContext, seconds: float) -> ToolResult:
    """Run one call within its time. What goes wrong is a result that says `failed`."""
    deadline = Deadline(min(seconds, context.deadline.remaining()))
    inner = ToolContext(context.question, deadline)
    waiting = in_background(f"tool {tool.spec.name}", lambda: tool.run(arguments, inner))
    return _awaited(_Run(ToolCall("", tool.spec.name, ""), waiting=waiting), deadline)


def _awaited(run: _Run, deadline: Deadline) -> ToolResult:
    assert run.waiting
    name = run.call.name
    try:
        return run.waiting.result(max(deadline.remaining(), 0.001))
    except TimeoutError:
        _LOG.warning("a tool took too long", tool=name)
        return _failed(f"The tool {name} did not answer in time.")
    except CandorError as error:
        _LOG.warning("a tool failed", tool=name, cause=str(error))
        return _failed(f"The tool {name} failed: {error.say}")
    except Exception:  # noqa: BLE001  # the answer does not hang on a tool, whatever it does
        _LOG.exception("a tool broke", tool=name)
        return _failed(f"The tool {name} is broken just now.")


def _screened(result: ToolResult, screen: Callable[[str], str]) -> ToolResult:
    passages = tuple(
        replace(each, chunk=replace(each.chunk, text=screen(each.chunk.text))) for each in result.passages
    )
    return replace(result, text=screen(result.text), passages=passages)


def _failed(text: str) -> ToolResult:
    return ToolResult(text, failed=True)
