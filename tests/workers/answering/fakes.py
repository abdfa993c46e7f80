"""Tools that behave: rates that never change, a search, a note that is kept, and some that fail."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.completions import Completion, StopReason, ToolCall, ToolSpec
from core.errors import BadArguments
from core.tools import Fact, ToolContext, ToolResult

SURVEY = "Freddie Mac Primary Mortgage Market Survey"
CAUTION = "An average over lenders and borrowers. It is not an offer."
NEWEST = date(2026, 11, 19)
BEFORE = date(2026, 11, 12)


def rate(years: int, value: str, day: date = NEWEST, *, stale: str = "", caution: str = CAUTION) -> Fact:
    return Fact(
        f"{years}-year fixed-rate mortgage, US weekly average",
        value,
        "percent",
        day,
        SURVEY,
        "",
        stale,
        caution,
    )


THIRTY = rate(30, "6.81")
FIFTEEN = rate(15, "6.02")


def said(*facts: Fact) -> ToolResult:
    """A result as the rates tool words it."""
    lines = [
        f"{each.label}: {each.value} {each.unit}, as of {each.as_of}. Source: {each.source}."
        f"{f' STALE: {each.stale}.' if each.stale else ''} {each.caution}".strip()
        for each in facts
    ]
    return ToolResult("\n".join(lines), facts)


@dataclass
class FakeTool:
    """A tool that keeps what it was called with. Its arguments have to be those of `takes`."""

    name: str = "get_rates"
    answer: ToolResult | Callable[[Mapping[str, Any], ToolContext], ToolResult] = field(
        default_factory=lambda: said(THIRTY, FIFTEEN)
    )
    takes: tuple[str, ...] = ()
    writes: bool = False
    ran: list[Mapping[str, Any]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def spec(self) -> ToolSpec:
        properties = {each: {"type": "string"} for each in self.takes}
        return ToolSpec(self.name, f"Does {self.name}.", {"type": "object", "properties": properties})

    def parse(self, arguments: str) -> Mapping[str, Any]:
        try:
            given = json.loads(arguments or "{}")
        except ValueError:
            raise BadArguments("that is no JSON") from None
        if unknown := set(given) - set(self.takes):
            raise BadArguments(f"unknown: {', '.join(sorted(unknown))}")
        return dict(given)

    def describe(self, arguments: Any) -> str:
        return f"do {self.name} with {json.dumps(arguments)}"

    def run(self, arguments: Any, context: ToolContext) -> ToolResult:
        with self._lock:
            self.ran.append(arguments)
        return self.answer(arguments, context) if callable(self.answer) else self.answer


def calling(*calls: tuple[str, str], text: str = "", cost: float | None = 0.0) -> Completion:
    """A reply that calls tools: of each its name and its arguments as JSON."""
    made = tuple(ToolCall(f"call_{at}", name, arguments) for at, (name, arguments) in enumerate(calls))
    return Completion(text, StopReason.TOOL_CALLS, made, cost_usd=cost)
