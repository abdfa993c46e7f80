"""Units: the sentences, list items, rows and code blocks of passages, and the quotes made of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import Passage
from workers.models.extractive.words import content
from workers.sentences import BlockKind, block_sentences, blocks

LONGEST_QUOTE = 600
"""Characters of a quote, unless one sentence alone is longer."""

_LONGEST_CODE = 500
_LOWEST = 7
_LINK_TARGET = re.compile(r"\](?:\([^)\n]*\)|\[[^\]\n]*\])")


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a passage that can be quoted: `text` is `chunk.text[start:end]`.

    Attributes:
        passage: which passage, from 0.
        readable: the text without the targets of its links, as it is compared.
        place: which unit of its passage, headings counted, from 0.
        block: which block of its passage, from 0.
        kind: what its block is.
        stems: its content words.
    """

    passage: int
    place: int
    block: int
    kind: BlockKind
    start: int
    end: int
    text: str
    readable: str
    stems: frozenset[str]


@dataclass(frozen=True, slots=True)
class Quote:
    """`chunk.text[start:end]` of one passage (from 0), and how well it is supported, 0 to 1."""

    passage: int
    start: int
    end: int
    support: float


def units(passages: Sequence[Passage]) -> list[Unit]:
    """The units of these passages, in order."""
    found: list[Unit] = []
    for number, passage in enumerate(passages):
        text, place = passage.chunk.text, 0
        for order, block in enumerate(blocks(text)):
            for span in block_sentences(text, block, passage.chunk.language):
                piece = text[span.start : span.end]
                readable = _LINK_TARGET.sub("]", piece)
                stems = frozenset(content(readable))
                found.append(
                    Unit(number, place, order, block.kind, span.start, span.end, piece, readable, stems)
                )
                place += 1
    return found


def quotable(unit: Unit) -> bool:
    """Whether a unit says something by itself: no heading, no code that is too long, something to read."""
    if unit.kind is BlockKind.HEADING or not unit.stems:
        return False
    return unit.kind is not BlockKind.CODE or len(unit.text) <= _LONGEST_CODE


def heading_level(unit: Unit, passages: Sequence[Passage]) -> int:
    """The level of a unit that is a heading: its number signs, which stand before its text.

    The title of a note or a tab has none; it is below every heading.
    """
    text = passages[unit.passage].chunk.text
    line = text[text.rfind("\n", 0, unit.start) + 1 : unit.start]
    return line.count("#") or _LOWEST


def stretch(unit: Unit, scores: dict[Unit, float], around: Sequence[Unit]) -> tuple[int, int]:
    """Where the quote around a unit starts and ends in its passage.

    A sentence that announces a list or a code block brings it along, code brings the sentence that announces
    it, and any other sentence brings the better of its two neighbours in running text, each while the quote
    stays within LONGEST_QUOTE.

    Args:
        unit: the unit to quote.
        scores: how well each unit answers; one that was not scored is worth least.
        around: all units of its passage, in order.
    """
    before = around[unit.place - 1] if unit.place else None
    after = around[unit.place + 1] if unit.place + 1 < len(around) else None
    if unit.kind is BlockKind.CODE:
        first = before if before and before.kind is not BlockKind.CODE else unit
        return _within(first, unit) or (unit.start, unit.end)
    if after and after.kind in (BlockKind.CODE, BlockKind.ITEM) and unit.text.endswith(":"):
        return _announced(unit, around[unit.place + 1 :])
    neighbours = [each for each in (before, after) if each and _runs_on(unit, each)]
    for each in sorted(neighbours, key=lambda near: scores.get(near, 0.0), reverse=True):
        first, last = (each, unit) if each.start < unit.start else (unit, each)
        if span := _within(first, last):
            return span
    return unit.start, unit.end


def _within(first: Unit, last: Unit) -> tuple[int, int] | None:
    return (first.start, last.end) if last.end - first.start <= LONGEST_QUOTE else None


def _runs_on(unit: Unit, near: Unit) -> bool:
    """Whether two neighbouring units read as one text."""
    return unit.block == near.block


def _announced(unit: Unit, following: Sequence[Unit]) -> tuple[int, int]:
    """The span of a sentence with the list, or the one code block, that it announces."""
    span = unit.start, unit.end
    kind = following[0].kind
    for each in following:
        wider = _within(unit, each)
        if each.kind is not kind or wider is None:
            break
        span = wider
        if kind is BlockKind.CODE:
            break
    return span
