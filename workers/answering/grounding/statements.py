"""Statements of a text that is still growing: where the next one ends, as soon as that is certain."""

import re

from workers.answering.grounding.markers import MARKER

_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_FENCE_TO_COME = re.compile(r"[ \t]*(?:`{1,2}|~{1,2})\Z")
_TICKS = re.compile(r"`+")
_MARKERS = rf"(?:[ \t]*{MARKER})*+"
# Full stops of scripts that put no blank behind them.
_WIDE = "。\uff01\uff1f"
# Possessive throughout, and a blank before a newline is left to the newline: a shorter match than the one
# that more text would allow must not count.
_SENTENCE = rf"[.!?…]++[\"'”’»)*_]*+{_MARKERS}(?=[^\S\n]+[^\s\[【])"
_WIDE_SENTENCE = rf"[{_WIDE}]++[”’」』]*+{_MARKERS}(?=[^\S\n]*+[^\s\[【({_WIDE}”’」』])"
_ENDS = re.compile(rf"{_SENTENCE}|{_WIDE_SENTENCE}|(?=\n)|`")
# After these a full stop ends no sentence, nor after a list's number or a single letter.
_ABBREVIATION = re.compile(
    r"(?<![^\s(])(?:\d+|\w|e\.g|i\.e|vs|mr|mrs|ms|dr|no|fig|approx|etc|z\.B|bzw|ca"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|okt|nov|dec|dez)\Z",
    re.IGNORECASE,
)
_COMPLETE = re.compile(rf"(?:[.!?…{_WIDE}]+[\"'”’」』»)*_]*(?:\s*{MARKER})*|(?:{MARKER})+)\s*\Z")


def complete(text: str) -> bool:
    """Whether a text ends where a sentence does."""
    return bool(_COMPLETE.search(text))


def next_end(text: str) -> int:
    """Where the first statement of a growing text ends, or 0 while that cannot be known yet.

    A statement is a sentence with the markers behind it, a line, a block quote or a code fence, together with
    the blanks before it. More text never changes an answer other than 0, so it does not matter in which
    pieces the text arrives.
    """
    start = len(text) - len(text.lstrip())
    line = text.rfind("\n", 0, start) + 1
    if start == len(text):
        return 0
    if text[start] == ">":
        return _quote_end(text, line)
    if fence := _FENCE.match(text, line):
        return _fence_end(text, fence)
    if _FENCE_TO_COME.match(text, line):
        return 0
    return _sentence_end(text, start)


def _quote_end(text: str, line: int) -> int:
    """The end of a block quote: the last of its lines, once the next line has begun with something else."""
    while True:
        end = text.find("\n", line)
        if end < 0 or end + 1 == len(text):
            return 0
        if text[end + 1] != ">":
            return end
        line = end + 1


def _fence_end(text: str, fence: re.Match[str]) -> int:
    closing = re.compile(rf"\n[ \t]*{fence[1][0]}{{{len(fence[1])},}}[ \t]*(?=\n)").search(text, fence.end())
    return closing.end() if closing else 0


def _sentence_end(text: str, start: int) -> int:
    at = start
    while found := _ENDS.search(text, at):
        if found.group() == "`":
            at = _code_end(text, found.start())
            if not at:
                return 0
        elif not found.group():
            return found.start()
        elif text[found.start()] == "." and _ABBREVIATION.search(text, start, found.start()):
            at = found.start() + 1
        elif text[found.end() :].lstrip()[0].islower():
            at = found.end()
        else:
            return found.end()
    return 0


def _code_end(text: str, start: int) -> int:
    """Where inline code that opens at `start` ends: behind its ticks, when its line does not close it."""
    ticks = _TICKS.match(text, start)
    assert ticks
    if ticks.end() == len(text):
        return 0
    line_end = text.find("\n", start)
    for other in _TICKS.finditer(text, ticks.end(), line_end if line_end >= 0 else len(text)):
        if other.end() == len(text):
            return 0
        if len(other.group()) == len(ticks.group()):
            return other.end()
    return ticks.end() if line_end >= 0 else 0
