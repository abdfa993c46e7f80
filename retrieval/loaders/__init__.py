"""Loaders turn the bytes of a file into documents; each module here reads one kind of file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.documents import Document, Value

LARGEST_FILE = 50 * 1024 * 1024
"""Bytes of the largest file that is read."""

SUFFIXES = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdx": "markdown",
    ".txt": "text",
    ".text": "text",
    ".rst": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".pptx": "pptx",
    ".eml": "eml",
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
"""Which member reads files with which suffix; a member is imported when its first file turns up."""

_OFFICE = "application/vnd.openxmlformats-officedocument"

MEDIA_TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "text",
    "application/pdf": "pdf",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.presentationml.presentation": "pptx",
    "message/rfc822": "eml",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "jsonl",
}
"""Which member reads what a web server calls by which type."""

PLAIN = frozenset({"markdown", "text"})
"""Members that only decode: what they read is parsed in this process, all else in one of its own."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or document that was left out.

    Attributes:
        path: as `Document.id` would be; a folder stands for all that lies below it.
        reason: plain words.
        keep: whether what is indexed of it stays, since it is likely to be readable again.
    """

    path: str
    reason: str
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A document of which its source says that it is as the index has it, so that it was not read again."""

    document: Document


@dataclass(frozen=True, slots=True)
class Content:
    """One document that a loader found in a file.

    Attributes:
        text: Markdown.
        title, date, language, link, attribution, fields: as in `Document`; empty where the file has none.
        name: what tells it from others in the same file, and stays as the file changes; empty where the file
            is one document.
        readers: groups that the file itself names; None where it names none.
    """

    text: str
    title: str = ""
    date: str = ""
    language: str = ""
    link: str = ""
    attribution: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)
    name: str = ""
    readers: tuple[str, ...] | None = None


class UnreadableError(Exception):
    """A file is not what its name promises; the text is the plain reason.

    `keep` is as in `Skipped`.
    """

    def __init__(self, reason: str, *, keep: bool = False) -> None:
        super().__init__(reason)
        self.keep = keep


class Loader(Protocol):
    """A module that reads one kind of file."""

    def load(self, data: bytes) -> Sequence[Content | Skipped]:
        """Read the bytes of a file: its one document, or each of its records; `Skipped.path` is the place.

        Raises:
            UnreadableError: with the reason.
        """
        ...
