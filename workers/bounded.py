"""What every tool is held to: a time, a size, its readers, and results that are plain data."""

import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextvars import copy_context
from dataclasses import replace
from typing import Any

from pydantic import Field

from bot.outgoing import visible
from core import log
from core import telemetry as names
from core.completions import ToolSpec
from core.deadline import Deadline
from core.documents import Passage
from core.errors import CandorError
from core.messages import Audience
from core.secrets import mask
from core.settings import Settings
from core.tools import Fact, Tool, ToolContext, ToolResult
from core.tracing import span
from retrieval.access import allowed, may_read
from workers.answering.budget import tokens

_log = log.get(__name__)

_BYTES_PER_TOKEN = 4
_CUT = "\n[cut off: the result is longer than may be shown]"


class ToolSettings(Settings):
    """What one call of a tool may take."""

    tool_seconds: float = Field(
        default=15.0, gt=0, description="Seconds until one call of a tool is given up."
    )
    tool_result_tokens: int = Field(
        default=2000, ge=100, description="Most tokens of one tool's result; what is beyond them is cut off."
    )


class Bounded:
    """A tool that ends in time, never raises, and hands back no more than it may.

    Args:
        tool: what does the work.
        settings: the limits.
        readers: groups of which the audience needs one for the tool to run at all.
    """

    def __init__(self, tool: Tool, settings: ToolSettings, readers: tuple[str, ...]) -> None:
        self._tool = tool
        self._settings = settings
        self._readers = readers

    @property
    def spec(self) -> ToolSpec:
        """The tool's own."""
        return self._tool.spec

    @property
    def writes(self) -> bool:
        """The tool's own."""
        return self._tool.writes

    def parse(self, arguments: str) -> Any:
        """As the tool does.

        Raises:
            BadArguments: as the tool does.
        """
        return self._tool.parse(arguments)

    def describe(self, arguments: Any) -> str:
        """As the tool does, in plain text."""
        return plain(self._tool.describe(arguments))

    def run(self, arguments: Any, context: ToolContext) -> ToolResult:
        """Run the tool on a thread of its own, so that one that hangs holds nobody up."""
        if not may_read(self._readers, context.question.audience):
            return _failed(f"Not everyone who can read this reply may use {self.spec.name}.")
        seconds = min(self._settings.tool_seconds, context.deadline.remaining())
        future: Future[ToolResult] = Future()
        threading.Thread(
            target=copy_context().run,
            args=(self._work, arguments, replace(context, deadline=Deadline(seconds)), future),
            name=f"tool-{self.spec.name}",
            daemon=True,
        ).start()
        try:
            return self._plain(future.result(seconds), context)
        except FutureTimeoutError:
            return _failed(f"{self.spec.name} took longer than {seconds:.3g} s and was given up.")
        except CandorError as error:
            note = _log.warning if error.retry else _log.info
            note("a tool failed", tool=self.spec.name, error=str(error))
            return _failed(plain(error.say))
        except Exception as error:  # noqa: BLE001 - whatever a tool raises, the turn goes on
            _log.error("a tool broke", tool=self.spec.name, error=repr(error))
            return _failed(f"{self.spec.name} could not do its work.")

    def _work(self, arguments: Any, context: ToolContext, future: Future[ToolResult]) -> None:
        try:
            known = {names.OPERATION: "execute_tool", names.TOOL_NAME: self.spec.name}
            with span(f"execute_tool {self.spec.name}", known):
                result = self._tool.run(arguments, context)
            future.set_result(result)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            future.set_exception(error)

    def _plain(self, result: ToolResult, context: ToolContext) -> ToolResult:
        most = self._settings.tool_result_tokens
        text = _cut(plain(result.text), most)
        return ToolResult(
            text=text,
            facts=tuple(map(_plain_fact, result.facts)),
            passages=_fitting(result.passages, most - tokens(text), context.question.audience),
            shown=_cut(plain(result.shown), most),
            failed=result.failed,
        )


def plain(text: str) -> str:
    """Text of others without control and hidden characters and without known kinds of secrets."""
    return mask(visible(text))


def _failed(text: str) -> ToolResult:
    return ToolResult(text, failed=True)


def _cut(text: str, most: int) -> str:
    data = text.encode()
    if len(data) <= most * _BYTES_PER_TOKEN:
        return text
    return data[: most * _BYTES_PER_TOKEN].decode(errors="ignore") + _CUT


def _plain_fact(fact: Fact) -> Fact:
    return Fact(
        label=plain(fact.label),
        value=plain(fact.value),
        unit=plain(fact.unit),
        as_of=fact.as_of,
        source=plain(fact.source),
        url=plain(fact.url),
        stale=plain(fact.stale),
        caution=plain(fact.caution),
    )


def _fitting(passages: tuple[Passage, ...], most: int, audience: Audience) -> tuple[Passage, ...]:
    """The first passages that fit, all of them readable by the audience; the very first fits always."""
    fitting: list[Passage] = []
    for passage in passages:
        if not allowed(passage.chunk, audience):
            continue
        most -= tokens(passage.chunk.text)
        if most < 0 and fitting:
            break
        fitting.append(passage)
    return tuple(fitting)
