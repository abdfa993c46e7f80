"""What a loader found becomes documents of a source."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.documents import Document, Value
from retrieval.language import detect
from retrieval.loaders import Content, Skipped
from retrieval.loaders._values import day

_NAMED_DAY = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")

_HEARD = 1000
"""Characters of a text from which its language is told."""

_RECORDS = 20
"""Records of one file whose text together tells their language: one alone is too short."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where contents were found.

    Attributes:
        name: the document's id, or that of all records of the file together.
        link: where a person opens it.
        alone: whether the file is the whole source, so that a record's own name is its id.
        date: ISO 8601 day for contents that have none, or empty.
    """

    name: str
    source_id: str
    link: str
    readers: tuple[str, ...]
    alone: bool = False
    date: str = ""


def documents(found: Sequence[Content | Skipped], origin: Origin) -> Iterator[Document | Skipped]:
    """The documents of one file, or the reasons why there are none."""
    if not found:
        yield Skipped(origin.name, "it has no text")
        return
    spoken = _language([item for item in found if isinstance(item, Content)])
    # In an order that does not change as records move about in their file.
    for item in sorted(found, key=lambda item: item.name if isinstance(item, Content) else ""):
        if isinstance(item, Skipped):
            yield Skipped(f"{origin.name}#{item.path}", item.reason, item.keep)
            continue
        text = clean(item.text)
        name = _name(clean(item.name), origin)
        if not text.strip():
            yield Skipped(name, "it has no text")
            continue
        yield Document(
            id=name,
            source_id=origin.source_id,
            title=clean(item.title) or PurePosixPath(origin.name).name or origin.name,
            text=text,
            link=clean(item.link) or origin.link,
            readers=item.readers or origin.readers,
            language=item.language or spoken or detect(text[:_HEARD]),
            date=item.date or origin.date or _named_day(origin.name),
            attribution=clean(item.attribution),
            fields={
                key: clean(value) if isinstance(value, str) else value for key, value in item.fields.items()
            },
        )


def clean(text: str) -> str:
    """Text without NUL and lone surrogates, which no store takes."""
    if text.isascii():
        return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if "\0" in text else text
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _clean_value(value: Value) -> Value:
    return clean(value) if isinstance(value, str) else value


def _name(name: str, origin: Origin) -> str:
    if not name:
        return origin.name
    return name if origin.alone else f"{origin.name}#{name}"


def _language(found: Sequence[Content]) -> str:
    """The language of the records of a table, which is told from several of them; empty for all else."""
    records = [item.text for item in found if item.fields]
    return detect("\n".join(records[:_RECORDS])) if records else ""


def _named_day(name: str) -> str:
    """A day in a file's name, such as `2024-03-01 minutes.md`, or empty."""
    match = _NAMED_DAY.search(PurePosixPath(name).name)
    return day(match[1]) if match else ""
