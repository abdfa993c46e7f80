"""Filters by fields, as a person writes them: `rent<=900`, `pets=yes`, `status=open`."""

import re
from collections.abc import Sequence

import typer

from core.documents import Value
from retrieval.search import FieldRange

_FORM = re.compile(r"(?P<name>\w+)\s*(?P<sign><=|>=|=)\s*(?P<value>.+)")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}


def parse(filters: Sequence[str]) -> tuple[dict[str, Value], tuple[FieldRange, ...]]:
    """Exact values by field, and ranges.

    Raises:
        BadParameter: a filter is not written like one.
    """
    exact: dict[str, Value] = {}
    ranges: list[FieldRange] = []
    for text in filters:
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise typer.BadParameter(f"{text!r} is not FIELD=VALUE, FIELD<=VALUE or FIELD>=VALUE")
        name, sign, value = match["name"], match["sign"], match["value"].strip()
        if sign == "=":
            exact[name] = _value(value)
            continue
        limit = _limit(text, value)
        least, most = (None, limit) if sign == "<=" else (limit, None)
        ranges.append(FieldRange(name, least, most))
    return exact, tuple(ranges)


def day(text: str) -> str:
    """An ISO 8601 day, or nothing.

    Raises:
        BadParameter: it is not one.
    """
    if text and not _DAY.fullmatch(text):
        raise typer.BadParameter(f"{text!r} is not a day such as 2026-01-31")
    return text


def _value(text: str) -> Value:
    if text.casefold() in _TRUTH:
        return _TRUTH[text.casefold()]
    return float(text) if _NUMBER.fullmatch(text) else text


def _limit(whole: str, text: str) -> float | str:
    if _NUMBER.fullmatch(text):
        return float(text)
    if _DAY.fullmatch(text):
        return text
    raise typer.BadParameter(f"{whole!r}: only numbers and days such as 2026-01-31 have an order")
