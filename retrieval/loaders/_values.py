"""What the metadata of files says: days, languages, Markdown of cells."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Final

_LANGUAGE: Final = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]+)*", re.IGNORECASE)
_PDF_DATE: Final = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
_LINE_BREAKS: Final = re.compile(r"\s*\n\s*")


def day(value: object) -> str:
    """A date as an ISO 8601 day: from a date, a time or their ISO or PDF notation; empty where it is none."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    text = _PDF_DATE.sub(r"\1-\2-\3", str(value))[:10] if str(value).startswith("D:") else str(value).strip()
    try:
        return dt.datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return ""


def language(value: object) -> str:
    """The ISO 639-1 code of a language tag such as `de-AT`, or empty."""
    match = _LANGUAGE.fullmatch(value.strip()) if isinstance(value, str) else None
    return match.group(1).lower() if match else ""


def table(rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, its first row as the header, short rows filled up; empty without a filled cell."""
    cells = [[_LINE_BREAKS.sub(" ", cell).strip().replace("|", "\\|") for cell in row] for row in rows]
    cells = [row for row in cells if any(row)]
    if not cells:
        return ""
    width = max(map(len, cells))
    lines = ["| " + " | ".join(row + [""] * (width - len(row))) + " |" for row in cells]
    return "\n".join([lines[0], "|" + " --- |" * width, *lines[1:]])
