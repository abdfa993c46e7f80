"""One Markdown for all platforms: how an answer's text and sources read, and where a long text is cut."""

import re
from datetime import date

from core.messages import Answer, Citation

_RECENT = ("today", "yesterday")
# From how many days on a unit is counted in, and how many days it has.
_UNITS = ((365, 365, "year"), (60, 30, "month"), (14, 7, "week"), (0, 1, "day"))


def sources(answer: Answer) -> str:
    """The numbered list of an answer's sources, or nothing where it cites none."""
    if not answer.citations:
        return ""
    return "\n".join(["Sources", *(_source(citation) for citation in answer.citations)])


def _source(citation: Citation) -> str:
    heading = f" › {citation.heading}" if citation.heading else ""
    link = f" — {citation.source}" if citation.source else ""
    return f"[{citation.n}] {citation.title}{heading}{link}"


def age(day: str, today: date) -> str:
    """How long ago a day of ISO 8601 was, in words; empty where it is unknown or lies ahead."""
    try:
        days = (today - date.fromisoformat(day)).days
    except ValueError:
        return ""
    if days < 0:
        return ""
    if days < len(_RECENT):
        return _RECENT[days]
    size, unit = next((size, unit) for least, size, unit in _UNITS if days >= least)
    count = days // size
    return f"1 {unit} ago" if count == 1 else f"{count} {unit}s ago"


def whole(answer: Answer) -> str:
    """An answer's text followed by its sources."""
    return "\n\n".join(part for part in (answer.text, sources(answer)) if part)


_FENCE = re.compile(r"^[ \t]{0,3}(`{3,8}|~{3,8})[ \t]*([\w+#-]{0,10})")
_CLOSING = 20
"""Characters kept free for the fence that closes a cut piece of code, or opens the next."""


def split(text: str, most: int) -> list[str]:
    """Cut a text into pieces of at most so many characters, at paragraphs, else lines, else words.

    Code that is cut is closed at the end of its piece and opened again in the next.
    """
    pieces: list[str] = []
    piece: list[str] = []
    size = 0
    fence = ""
    for line in _lines(text, most - 2 * _CLOSING):
        if piece and size + len(line) + 1 > most - (_CLOSING if fence else 0):
            kept, carried = (piece, []) if fence else _at_paragraph(piece)
            pieces.append(_joined([*kept, _mark(fence)] if fence else kept))
            piece = [fence, *carried] if fence else carried
            size = sum(len(each) + 1 for each in piece)
        piece.append(line)
        size += len(line) + 1
        fence = _fence_after(line, fence)
    pieces.append(_joined(piece))
    return [each for each in pieces if each]


def _fence_after(line: str, fence: str) -> str:
    """The fence that is open behind a line, as it was opened; empty where none is."""
    found = _FENCE.match(line)
    if not found:
        return fence
    if not fence:
        return found[1] + found[2]
    closes = found[1].startswith(_mark(fence)) and line.strip() == found[1]
    return "" if closes else fence


def _mark(fence: str) -> str:
    return fence[: len(fence) - len(fence.lstrip("`~"))]


def _at_paragraph(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines up to the last blank one in their second half, and those after it; else all of them."""
    for at in range(len(lines) - 1, len(lines) // 2, -1):
        if not lines[at].strip() and not any(_FENCE.match(line) for line in lines[at:]):
            return lines[:at], lines[at + 1 :]
    return lines, []


def _lines(text: str, most: int) -> list[str]:
    """A text's lines, those that are too long cut at a blank, or anywhere where there is none."""
    lines: list[str] = []
    for whole_line in text.split("\n"):
        line = whole_line
        while len(line) > most:
            at = line.rfind(" ", most // 2, most)
            at = most if at < 0 else at
            lines.append(line[:at])
            line = line[at:].lstrip(" ")
        lines.append(line)
    return lines


def _joined(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
