"""Citation markers in a model's text: found, renumbered, removed. Code is never touched."""

import re
from collections.abc import Callable

_NUMBER = r"[1-9]\d{0,2}"
_LIST = rf"{_NUMBER}(?:\s*[-–,;]\s*{_NUMBER})*"
# A marker may come as [1], [1, 2], [1-3] or 【1†source】. A link target behind it is the model's invention.
MARKER = rf"(?:\[\s*(?:{_LIST})\s*\]|【\s*{_NUMBER}[^】\n]{{0,40}}】)(?:\([^()\s]*\))?"
_TOKEN = re.compile(
    r"(?P<code>^[ \t>]*(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[ \t]*$|\Z)"
    r"|(?<!`)(?P<tick>`+)(?!`)[^`\n]+(?P=tick))"
    rf"|(?P<run>(?:[ \t]*{MARKER})+)",
    re.MULTILINE | re.DOTALL,
)
_PART = re.compile(rf"({_NUMBER})(?:\s*[-–]\s*({_NUMBER}))?")
_LAST = re.compile(rf"(?:\s*{MARKER})+\s*\Z")
_LAST_ONE = re.compile(rf"\s*{MARKER}\s*\Z")
_MOST_IN_A_RANGE = 20


def numbers(run: str) -> list[int]:
    """The numbers of a run of markers, in order, each once."""
    found: dict[int, None] = {}
    for one in re.finditer(MARKER, run):
        inside = re.split(r"[†\]】]", one.group(), maxsplit=1)[0]
        for first, last in _PART.findall(inside):
            end = min(int(last or first), int(first) + _MOST_IN_A_RANGE)
            found.update(dict.fromkeys(range(int(first), end + 1)))
    return list(found)


def rewrite(text: str, put: Callable[[list[int]], str]) -> str:
    """Replace each run of markers outside code by what `put` makes of its numbers.

    The blank before a run goes when the run goes.
    """

    def replaced(match: re.Match[str]) -> str:
        if match["code"]:
            return match["code"]
        run = match["run"]
        markers = put(numbers(run))
        blank = run[: len(run) - len(run.lstrip())]
        return blank + markers if markers else ""

    return _TOKEN.sub(replaced, text)


def remove(text: str) -> str:
    """The text without markers."""
    return rewrite(text, lambda _numbers: "")


def runs(text: str) -> list[list[int]]:
    """The numbers of each run of markers outside code, in order."""
    return [numbers(match["run"]) for match in _TOKEN.finditer(text) if match["run"]]


def split_last(text: str, *, one: bool = False) -> tuple[str, list[int]]:
    """Split off the markers at a text's very end: all that follow one another there, or `one` alone."""
    last = (_LAST_ONE if one else _LAST).search(text)
    return (text[: last.start()], numbers(last.group())) if last else (text, [])


def joined(shown: list[int]) -> str:
    """Markers as the reader sees them."""
    return "".join(f"[{n}]" for n in shown)
