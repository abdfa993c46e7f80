"""Words of retrieval that more than one room speaks: document, chunk, passage."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.messages import EVERYONE

Value = str | int | float | bool
"""What a field of a record may hold; a date is its ISO 8601 day."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document as a loader read it.

    Attributes:
        id: unique within its source and stable across syncs, such as the path below the source's folder.
        source_id: the source that it belongs to.
        title: shown in citations.
        text: Markdown, exactly as it was read.
        link: where a person opens it: a URL, or a file's path.
        readers: groups of which a person needs one.
        language: ISO 639-1, or empty where unknown.
        date: ISO 8601 day of its last change, or empty where unknown.
        attribution: whom its licence asks to name, such as `Wikipedia, CC BY-SA 4.0`, or empty.
        fields: what a record, such as a row of a table, holds by name; empty for a text.
    """

    id: str
    source_id: str
    title: str
    text: str
    link: str
    readers: tuple[str, ...] = (EVERYONE,)
    language: str = ""
    date: str = ""
    attribution: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of one document. `text` is `document.text[start:start + len(text)]`, to the letter.

    `heading` is the path of headings above it, outermost first; `position` counts from 0 within the document.
    """

    id: str
    document_id: str
    source_id: str
    title: str
    heading: tuple[str, ...]
    text: str
    link: str
    position: int
    start: int
    readers: tuple[str, ...]
    language: str = ""
    date: str = ""
    attribution: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict, hash=False)

    @property
    def credited(self) -> str:
        """The title, with whom its licence asks to name."""
        return f"{self.title} ({self.attribution})" if self.attribution else self.title

    @property
    def place(self) -> str:
        """The headings above it as one line, the title not said twice."""
        below = self.heading[1:] if self.heading[:1] == (self.title,) else self.heading
        return " › ".join(below)


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk with the score that ranked it.

    `scores` are by retriever (`dense`, `sparse`), before fusion, where they were asked for.
    """

    chunk: Chunk
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)
