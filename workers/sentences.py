"""Sentences of a Markdown text, as exact offsets into it."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from sentencex import get_sentence_boundaries  # type: ignore[attr-defined]  # compiled, without stubs

_LINE = re.compile(r"[^\n]+|(?<=\n)(?=\n)")
_FENCE = re.compile(r"[ \t]*(?:>[ \t]?)*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?P<fence>`{3,}|~{3,})")
_RULE = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-=*_|:+][ \t]*){2,}\r?$", re.MULTILINE)
# The second half is the line that opens a note or a tab in MkDocs and Docusaurus.
_HEADING = re.compile(
    r" {0,3}#{1,6}(?:[ \t]+|\r?$)|[ \t]*(?:!!!|\?\?\?\+?|===[+!]?|:::)[ \t]*(?=[^\s=:])", re.MULTILINE
)
_ITEM = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_ROW = re.compile(r"[ \t]*(?=\|)")
_QUOTE = re.compile(r"[ \t]*(?:>[ \t]?)+")
_CLOSING = re.compile(r"""[*_~`"'”’»)\]]+(?=\s|$)""")


class BlockKind(StrEnum):
    """What a block of Markdown is."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    QUOTE = "quote"


_MARKERS = (
    (BlockKind.HEADING, _HEADING),
    (BlockKind.ITEM, _ITEM),
    (BlockKind.ROW, _ROW),
    (BlockKind.QUOTE, _QUOTE),
)
_WHOLE = frozenset({BlockKind.HEADING, BlockKind.ROW, BlockKind.CODE})


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]` is one block, without the marker before it and the blanks around it.

    A list item, a table row or a heading is a block of its own; a code fence is one, its fences included.
    """

    start: int
    end: int
    kind: BlockKind


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is one sentence, without the blanks around it."""

    start: int
    end: int


def sentences(text: str, language: str = "en") -> list[Span]:
    """Split a Markdown text into its sentences.

    No sentence runs over the end of a block. A heading, a table row and a code fence are one sentence each;
    the markers of headings, items and block quotes stand outside, and so do rules.

    Args:
        text: Markdown, in any script.
        language: ISO 639-1; it decides which abbreviations end no sentence. English where unknown.

    Returns:
        Spans in order; they do not overlap and none is empty.
    """
    return [span for block in blocks(text) for span in block_sentences(text, block, language)]


def block_sentences(text: str, block: Block, language: str = "en") -> list[Span]:
    """The sentences of one of the text's blocks, as offsets into the text."""
    if block.kind in _WHOLE:
        return [Span(block.start, block.end)]
    spans: list[Span] = []
    for found in get_sentence_boundaries(language or "en", text[block.start : block.end]):
        start, end = block.start + found["start_index"], block.start + found["end_index"]
        closing = _CLOSING.match(text, start, end)
        if closing and spans:  # sentencex ends a sentence before the stars of "**Bold.** Next."
            start = closing.end()
            spans[-1] = Span(spans[-1].start, start)
        start, end = _trimmed(text, start, end)
        if start < end:
            spans.append(Span(start, end))
    return spans


def blocks(text: str) -> list[Block]:
    """Split a Markdown text into its blocks, in order."""
    found: list[Block] = []
    last: BlockKind | None = None
    fence = ""
    for line in _LINE.finditer(text):
        start, end = line.span()
        if fence:
            start, end = _trimmed(text, start, end)
            if start < end:
                found[-1] = replace(found[-1], end=end)
            if _closes(line.group(), fence):
                fence, last = "", None
            continue
        kind: BlockKind | None = None
        if opened := _FENCE.match(text, start, end):
            kind, fence = BlockKind.CODE, opened["fence"]
        elif not _RULE.match(text, start, end):
            kind, start = _kind(text, start, end)
        start, end = _trimmed(text, start, end)
        if start >= end:
            last = None
        elif last and _goes_on(last, kind):
            found[-1] = replace(found[-1], end=end)
        else:
            last = kind
            if kind:
                found.append(Block(start, end, kind))
    return found


def _kind(text: str, start: int, end: int) -> tuple[BlockKind, int]:
    """What kind of block a line opens, and where its words start."""
    for kind, marker in _MARKERS:
        if match := marker.match(text, start, end):
            return kind, match.end()
    return BlockKind.PROSE, start


def _goes_on(last: BlockKind, kind: BlockKind | None) -> bool:
    """Whether a line of this kind only continues the block above it."""
    if kind is BlockKind.PROSE:
        return last in (BlockKind.PROSE, BlockKind.ITEM, BlockKind.QUOTE)
    return kind is last is BlockKind.QUOTE


def _closes(line: str, fence: str) -> bool:
    bare = line.strip("> \t\r")
    return len(bare) >= len(fence) and set(bare) == {fence[0]}


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
