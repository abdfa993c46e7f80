"""JSON lines: each line a document."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from retrieval.loaders import Content, Skipped, UnreadableError
from retrieval.loaders._values import day, language
from retrieval.loaders.text import decode

WIKIPEDIA = "Wikipedia, CC BY-SA 4.0"
"""Whom to name for its articles (https://en.wikipedia.org/wiki/Wikipedia:Copyrights)."""


def load(data: bytes) -> Sequence[Content | Skipped]:
    """Read one JSON object a line.

    `text` is needed; `id` or `_id`, `title`, `url`, `date`, `language`, `attribution` and `readers` (a group
    or a list of groups) are read where they are there. Without an id, the URL tells a line from the others,
    or else a checksum of its title and text. Articles of Wikipedia carry its attribution.
    """
    found: list[Content | Skipped] = []
    for number, line in enumerate(decode(data).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(_content(line))
        except UnreadableError as error:
            found.append(Skipped(f"line {number}", str(error)))
    return found


def _content(line: str) -> Content:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise UnreadableError("it is not JSON") from None
    if not isinstance(record, dict):
        raise UnreadableError("it is no JSON object")
    text = record.get("text")
    if not isinstance(text, str):
        raise UnreadableError("it has no `text`")
    if not text.strip():
        raise UnreadableError("its `text` is empty")
    title, link = _words(record, "title"), _words(record, "url")
    return Content(
        text,
        title,
        day(_words(record, "date")),
        language(record.get("language") or record.get("lang")),
        link,
        _words(record, "attribution") or (WIKIPEDIA if _of_wikipedia(link) else ""),
        name=_words(record, "id") or _words(record, "_id") or link or _checksum(title, text),
        readers=_readers(record),
    )


def _words(record: Mapping[str, Any], key: str) -> str:
    """A value as one line, empty where it is missing.

    Raises:
        UnreadableError: it is neither text nor a whole number.
    """
    value = record.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise UnreadableError(f"its `{key}` is no text")
    return " ".join(str(value).split())


def _readers(record: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The groups that a line names; whatever is not clear lets nobody read it."""
    if "readers" not in record:
        return None
    value = record["readers"]
    groups = [value] if isinstance(value, str) else value
    if (
        not isinstance(groups, list)
        or not groups
        or not all(isinstance(g, str) and g.strip() for g in groups)
    ):
        raise UnreadableError("its `readers` name no group")
    return tuple(dict.fromkeys(group.strip() for group in groups))


def _of_wikipedia(link: str) -> bool:
    try:
        host = urlsplit(link).hostname or ""
    except ValueError:
        return False
    return host == "wikipedia.org" or host.endswith(".wikipedia.org")


def _checksum(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
