"""Splits a document into chunks along its headings; the text stays exact."""

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from semantic_text_splitter import MarkdownSplitter

from core.documents import Chunk, Document
from retrieval.points import point_id

VERSION = "2"
"""Part of every fingerprint: raise it when a document would be split otherwise, and all is indexed anew."""

SMALLEST, LARGEST = 400, 1200
"""Characters of a chunk: split at the next good place after the first, and never after the second, except
that what belongs together, such as a fenced block of code, stays so up to twice the second."""

LEFTOVER = 400
"""Characters below which the rest of a section is too little to stand alone."""

_NEWLINE = re.compile(r"\r\n?|\n")  # what markdown-it counts as the end of a line
_HEADINGS_ALONE = re.compile(r"(?:#{1,6}[ \t][^\n]*\s*)+")
_MARKS = re.compile(r"^ {0,3}(?:#|[=-]+[ \t]*$)|```|~~~", re.MULTILINE)
_MAYBE_TITLE = re.compile(r"^ {0,3}(?:#(?!#)[^\n]*|=+[ \t]*)$", re.MULTILINE)
_ATTRIBUTES = re.compile(
    r"\s*\{[#.:][^{}]*\}\s*$"
)  # `{#anchor}`, which many site builders take off a heading

_BLOCKS = MarkdownIt("commonmark").disable(
    ["inline", "text_join"]
)  # nine tenths of the time are what is inline
_INLINE = MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True)
class _Outline:
    """Where a Markdown text has headings (offset, level, title) and fenced code (start, end)."""

    headings: list[tuple[int, int, str]]
    fences: list[tuple[int, int]]

    def fenced(self, offset: int) -> bool:
        """Whether a split at an offset would part a fenced block."""
        before = bisect.bisect_left(self.fences, (offset, 0)) - 1
        return before >= 0 and offset < self.fences[before][1]

    def path(self, offset: int) -> tuple[str, ...]:
        """Titles of the headings above an offset, outermost first; one that starts there counts."""
        path: list[tuple[int, str]] = []
        for start, level, title in self.headings:
            if start > offset:
                break
            path = [above for above in path if above[0] < level]
            path.append((level, title))
        return tuple(title for _, title in path if title)


def chunk(document: Document) -> list[Chunk]:
    """The chunks of a document in order; [] where it has nothing but white space.

    Splits with semantic-text-splitter's Markdown rules (headings, then blocks, then sentences, then words),
    whose offsets count characters.
    """
    text = document.text
    outline = _outline(text)
    splitter = MarkdownSplitter((SMALLEST, LARGEST))
    spans = [(start, start + len(piece)) for start, piece in splitter.chunk_indices(text)]
    return [
        Chunk(
            id=point_id(document.source_id, document.id, position),
            document_id=document.id,
            source_id=document.source_id,
            title=document.title,
            heading=outline.path(start),
            text=text[start:end],
            link=document.link,
            position=position,
            start=start,
            readers=document.readers,
            language=document.language,
            date=document.date,
            attribution=document.attribution,
            fields=document.fields,
        )
        for position, (start, end) in enumerate(_joined(text, spans, outline))
    ]


def joined(chunks: Sequence[Chunk]) -> Document:
    """The document of chunks, given all in order; the white space between them is line ends."""
    first = chunks[0]
    text = ""
    for each in chunks:
        text += "\n" * (each.start - len(text)) + each.text
    return Document(
        id=first.document_id,
        source_id=first.source_id,
        title=first.title,
        text=text,
        link=first.link,
        readers=first.readers,
        language=first.language,
        date=first.date,
        attribution=first.attribution,
        fields=first.fields,
    )


def first_title(text: str) -> str:
    """The first heading of level 1 in a Markdown text, or empty."""
    for match in _MAYBE_TITLE.finditer(text):  # so that most texts are parsed no further than their title
        for _, level, name in _outline(text[: match.end()]).headings:
            if level == 1:
                return name
    return ""


def _outline(text: str) -> _Outline:
    if not _MARKS.search(text):  # plain text, which most records and messages are
        return _Outline([], [])
    lines = [0, *(match.end() for match in _NEWLINE.finditer(text)), len(text)]
    headings: list[tuple[int, int, str]] = []
    fences: list[tuple[int, int]] = []
    tokens = _BLOCKS.parse(text)
    for number, token in enumerate(tokens):
        if token.map is None:
            continue
        start, end = (lines[min(line, len(lines) - 1)] for line in token.map)
        if token.type == "heading_open" and token.level == 0:
            (inline,) = _INLINE.parseInline(tokens[number + 1].content)
            words = "".join(part.content for part in inline.children or ())
            title = " ".join(_ATTRIBUTES.sub("", words).split())
            headings.append((start, int(token.tag[1:]), title))
        elif token.type == "fence":
            fences.append((start, end))
    return _Outline(headings, fences)


def _joined(text: str, spans: list[tuple[int, int]], outline: _Outline) -> list[tuple[int, int]]:
    """Join what should not have been parted, as far as twice the usual size allows.

    That is: a fenced block; a heading and what it stands above; a passage and the line or two that end it.
    """
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        apart = not joined or end - joined[-1][0] > 2 * LARGEST
        if not apart:
            before = text[joined[-1][0] : joined[-1][1]]
            leftover = end - start < LEFTOVER and not text.startswith("#", start)
            apart = not (outline.fenced(start) or _HEADINGS_ALONE.fullmatch(before) or leftover)
        if apart:
            joined.append((start, end))
        else:
            joined[-1] = (joined[-1][0], end)
    return joined
