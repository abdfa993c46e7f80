"""Corpora and questions to measure on: JSON lines and judgements in the layout of BEIR."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.documents import Document, Value
from core.errors import Misconfigured
from retrieval.language import detect

SOURCE = "corpus"
"""The source that every document of a corpus belongs to."""

_OWN = frozenset({"_id", "id", "title", "text", "url"})
_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Query:
    """One query; `fields` is everything else that its line holds."""

    id: str
    text: str
    fields: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the answers of which each would do, and the document that they stand in."""

    id: str
    question: str
    answers: tuple[str, ...]
    document: str


def documents(path: Path) -> Iterator[Document]:
    """The documents of `{_id, title, text, ...}` a line; what else a line holds becomes a field to filter by.

    Raises:
        Misconfigured: naming the file and the line at fault.
    """
    for line in _lines(path):
        text = line.text("text")
        title = str(line.record.get("title") or "")
        yield Document(
            id=line.id,
            source_id=SOURCE,
            title=title,
            text=text,
            link=str(line.record.get("url") or line.id),
            language=detect(f"{title}\n{text}"),
            fields=line.fields,
        )


def queries(path: Path) -> list[Query]:
    """The queries of `{_id, text, ...}` a line.

    Raises:
        Misconfigured: naming the file and the line at fault.
    """
    return [Query(line.id, line.text("text"), line.fields) for line in _lines(path)]


def questions(path: Path) -> list[Asked]:
    """The questions of `{id, question, answers, document}` a line.

    Raises:
        Misconfigured: naming the file and the line at fault.
    """
    return [
        Asked(line.id, line.text("question"), line.texts("answers"), line.text("document"))
        for line in _lines(path)
    ]


def judgements(path: Path) -> dict[str, dict[str, int]]:
    """Relevance by query and document, from tab-separated lines: query, document, grade. A header may lead.

    Raises:
        Misconfigured: naming the file and the line at fault.
    """
    found: dict[str, dict[str, int]] = {}
    for number, text in _texts(path):
        columns = text.split("\t")
        grade = columns[-1].strip()
        if number == 1 and not grade.lstrip("-").isdecimal():
            continue
        if len(columns) != _COLUMNS or not grade.lstrip("-").isdecimal():
            raise Misconfigured(f"{path}, line {number}: not query, document and grade with tabs between")
        found.setdefault(columns[0], {})[columns[1]] = int(grade)
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    path: Path
    number: int
    record: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.record["_id"]) if "_id" in self.record else self.text("id")

    @property
    def fields(self) -> dict[str, Value]:
        known = {name: value for name, value in self.record.items() if name not in _OWN}
        return {name: value for name, value in known.items() if isinstance(value, str | int | float | bool)}

    def text(self, name: str) -> str:
        return str(self._need(name, lambda value: isinstance(value, str | int)))

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(map(str, self._need(name, lambda value: isinstance(value, list))))

    def _need(self, name: str, fits: Callable[[Any], bool]) -> Any:
        value = self.record.get(name)
        if not fits(value):
            raise Misconfigured(f"{self.path}, line {self.number}: `{name}` is missing or of the wrong kind")
        return value


def _lines(path: Path) -> Iterator[_Line]:
    for number, text in _texts(path):
        try:
            record = json.loads(text)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            raise Misconfigured(f"{path}, line {number}: not a JSON object")
        yield _Line(path, number, record)


def _texts(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a file that hold anything, with their numbers."""
    try:
        with path.open(encoding="utf-8") as file:
            yield from ((number, line.rstrip("\n")) for number, line in enumerate(file, 1) if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: cannot be read ({error})") from None
