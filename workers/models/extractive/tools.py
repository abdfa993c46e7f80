"""Choose a tool by what the question means, fill its arguments by rules, and tell what it returned."""

import calendar
import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.completions import Message, ToolCall, ToolSpec
from prompts.render import result_text
from workers.figures import units
from workers.figures.dates import Date
from workers.figures.numbers import Number
from workers.figures.reading import Figures, figures
from workers.models.extractive.expectation import Expectation, expectation
from workers.models.extractive.vectors import Vectors
from workers.models.extractive.words import content, words

# Cosines of MiniLM vectors from which a question is about what a tool does: lower where the question also
# names one of its arguments, such as "30-year" or an amount of money, and lowest where it has every word of
# one, as "30-year fixed" has. Measured on 34 questions for the two built-in tools (lowest 0.32 with every
# word, 0.38 with an argument and 0.63 without) and on 2,400 that are not for them, of which none calls one.
_NAMED = 0.38
_NAMED_IN_FULL = 0.3
_UNNAMED = 0.6
_SHARED = 2
"""Words that such a question has at least to share with a tool's description where it names no argument."""

_CURRENCIES = re.compile(units.MONEY, re.IGNORECASE)
_CURRENCY = re.compile(r"\bcurrency\b", re.IGNORECASE)
_AGO = re.compile(
    r"\b(?:(?P<last>last|yesterday)(?:\s+(?P<span>week|month|year))?|a\s+(?P<one>week|month|year)\s+ago)\b",
    re.IGNORECASE,
)
_DAYS = {"week": 7, "month": 30, "year": 365}
_ALL = frozenset({"both", "all"})
_SHORTEST = 4
_NO_TOOL = frozenset({Expectation.STEPS, Expectation.REASON})


def choose(
    question: str, tools: Sequence[ToolSpec], vectors: Vectors | None, today: dt.date
) -> ToolCall | None:
    """The call that answers a question, if one of the tools plainly does.

    A question of how something is done, or why, is one for documents. A tool counts only where every argument
    that it needs can be taken from the question: a choice, a day, an amount, currencies.

    Args:
        question: it stands alone.
        tools: what may be called.
        vectors: None chooses no tool.
        today: the day that "last week" is seen from.
    """
    if vectors is None or expectation(question) in _NO_TOOL:
        return None
    best: tuple[float, ToolCall] | None = None
    asks = frozenset(content(question))
    asked = frozenset(word.casefold() for word in words(question))
    for tool in tools:
        filled = _fill(tool.parameters, question, today)
        if filled is None:
            continue
        arguments, named = filled
        if not named and len(asks & frozenset(content(f"{_plain(tool.name)} {tool.description}"))) < _SHARED:
            continue
        likeness = float((vectors.sentences(_about(tool)) @ vectors.question(question)).max())
        if likeness >= _least(arguments, asked, named=named) and (best is None or likeness > best[0]):
            best = likeness, ToolCall(f"call_{tool.name}", tool.name, json.dumps(arguments))
    return best[1] if best else None


def _least(arguments: Mapping[str, Any], asked: frozenset[str], *, named: bool) -> float:
    """How like a question and a tool have to be."""
    texts = [value for value in arguments.values() if isinstance(value, str)]
    parts = [{word.casefold() for word in words(each)} for each in texts if " " in each]
    if any(each <= asked for each in parts):
        return _NAMED_IN_FULL
    return _NAMED if named else _UNNAMED


def told(transcript: Sequence[Message]) -> list[str]:
    """What the tools returned, line by line, as it is shown; empty when none of them succeeded."""
    results = [result_text(each.content) for each in transcript if each.role == "tool"]
    return [line for text, failed in results if not failed for line in text.splitlines() if line.strip()]


def _about(tool: ToolSpec) -> list[str]:
    """What a tool is for: its name in words, and the sentences of its description."""
    return [_plain(tool.name), *re.split(r"(?<=[.!?:])\s+", tool.description.strip())]


def _plain(name: str) -> str:
    return re.sub(r"[_\W]+", " ", name)


def _fill(schema: Mapping[str, Any], question: str, today: dt.date) -> tuple[dict[str, Any], bool] | None:
    """The arguments that a question has, and whether it names one; None where a needed one is missing."""
    said = figures(question)
    properties: Mapping[str, Mapping[str, Any]] = schema.get("properties", {})
    money = list(_money(question, said))
    codes = iter(money)
    arguments: dict[str, Any] = {}
    named = False
    for name, declared in properties.items():
        kinds = [declared, *declared.get("anyOf", ())]
        value: Any = None
        if options := next((kind["enum"] for kind in kinds if "enum" in kind), None):
            value = _option(options, question, said)
            named = named or value is not None
        elif any(kind.get("format") == "date" for kind in kinds):
            day = _day(question, said, today)
            value = day.isoformat() if day else None
        elif any(kind.get("type") == "string" for kind in kinds) and _CURRENCY.search(_words(name, declared)):
            value = next(codes, None)
        elif any(kind.get("type") in ("number", "integer") for kind in kinds) and money:
            amount = _amount(said)
            named = named or amount is not None
            value = 1.0 if amount is None else amount
        if value is not None:
            arguments[name] = value
        elif name in schema.get("required", ()):
            return None
    return arguments, named


def _words(name: str, declared: Mapping[str, Any]) -> str:
    """What a schema says of a property."""
    return f"{_plain(name)} {declared.get('title', '')} {declared.get('description', '')}"


def _option(options: Sequence[Any], question: str, said: Figures) -> str | None:
    """The option that a question names, by its numbers or a word of its own; of several the one for all."""
    asked = {word.casefold() for word in words(question)}
    texts = [each for each in options if isinstance(each, str)]
    found = [each for each in texts if _names(each, texts, asked, said)]
    if len(found) > 1:
        return next((each for each in texts if _ALL & {word.casefold() for word in words(each)}), None)
    return found[0] if found else None


def _names(option: str, options: Sequence[str], asked: set[str], said: Figures) -> bool:
    measured = [each for each in figures(option).numbers if each.unit]
    spans = {each.unit for each in said.numbers}
    if measured and all(
        each.unit in spans and any(each.same(one) and one.unit in ("", each.unit) for one in said.numbers)
        for each in measured
    ):
        return True
    others = {word.casefold() for each in options if each != option for word in words(each)}
    own = {word.casefold() for word in words(option) if len(word) > _SHORTEST} - others
    return bool(own & asked)


def _day(question: str, said: Figures, today: dt.date) -> dt.date | None:
    """The day that a question asks about: the last of the month or year that it names."""
    for date in said.dates:
        if day := _last_day(date):
            return day
    for number in said.numbers:
        if re.fullmatch(r"(?:19|20)\d\d", question[number.start : number.end]):
            return dt.date(int(question[number.start : number.end]), 12, 31)
    if ago := _AGO.search(question):
        span = ago["span"] or ago["one"]
        return today - dt.timedelta(days=_DAYS.get(span, 1)) if span or ago["last"] != "last" else None
    return None


def _last_day(date: Date) -> dt.date | None:
    for year, month, day in sorted(date.readings):
        if year and month:
            return dt.date(year, month, day or calendar.monthrange(year, month)[1])
    return None


def _amount(said: Figures) -> float | None:
    """How much money a question is about; None where it does not say."""
    amounts = [each for each in said.numbers if each.unit.isupper()] or [
        each for each in said.numbers if not each.unit and not each.counts
    ]
    return float(next(iter(sorted(amounts[0].values)))) if amounts else None


def _money(question: str, said: Figures) -> Iterator[str]:
    """The currencies that a question names, that of its amount first."""
    amounts: list[Number] = [each for each in said.numbers if each.unit.isupper() and len(each.unit) == 3]  # noqa: PLR2004
    found = [each.unit for each in amounts[:1]]
    found += [units.currency(match.group()) for match in _CURRENCIES.finditer(question)]
    yield from dict.fromkeys(found)
