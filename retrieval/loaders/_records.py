"""Rows of tables as records: documents with typed fields that search can filter."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.documents import Value
from retrieval.loaders import Content, Skipped
from retrieval.loaders._values import day

_ID_COLUMNS: Final = frozenset({"id", "_id", "key", "uuid"})
_DATE_COLUMNS: Final = ("updated", "updated_at", "modified", "last_modified", "changed", "date")
_MISSING: Final = frozenset({"", "-", "n/a", "na", "null", "none"})
_BOOLEANS: Final = {"true": True, "yes": True, "false": False, "no": False}
_LONG: Final = 200
"""Characters of a cell that stands under a heading of its own instead of in the record's line."""

_CURRENCY: Final = re.compile(r"^[€$£¥]\s*|\s*[€$£¥]$")
_INTEGER: Final = re.compile(r"[+-]?(?:0|[1-9]\d{0,17}|[1-9]\d{0,2}(?:,\d{3}){1,5})")
_NUMBER: Final = re.compile(r"[+-]?(?:0|[1-9]\d*|[1-9]\d{0,2}(?:,\d{3})+)(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")
_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?")
_LOCAL_DAY: Final = re.compile(r"(\d{1,2})([./])(\d{1,2})\2(\d{4})")
_SWAP_MARKS: Final = str.maketrans(",.", ".,")

_Read = Callable[[str], Value | None]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name or nothing, its header, and its rows, each with its place in the file."""

    name: str
    header: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    decimal_comma: bool = False


def is_header(row: Sequence[str]) -> bool:
    """Whether a row names columns: no name twice, none of them a value, none empty but at either end.

    The first is empty where a table was written with the numbers of its rows.
    """
    names = [cell.strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    typed = any(_NUMBER.fullmatch(name) or _DAY.fullmatch(name) for name in names)
    return (
        any(names) and all(names[1:]) and len({name.casefold() for name in names}) == len(names) and not typed
    )


def is_wider(row: Sequence[str], width: int) -> bool:
    """Whether a row has filled cells beyond the last column."""
    return any(cell.strip() for cell in row[width:])


def records(table: Table) -> list[Content | Skipped]:
    """Each row as a document.

    A column whose every value is a whole number, a number, a yes or no, or a day becomes a field of that
    type; any other is text, as far as its cells are short. A row is told from the others by its id column,
    or else by a checksum of its cells, so that a row put in above does not change those below.
    """
    width = len(table.header)
    found: list[Content | Skipped] = [
        Skipped(place, f"it has {len(row)} cells, and the table {width} columns")
        for place, row in table.rows
        if is_wider(row, width)
    ]
    table = replace(table, rows=[(place, row) for place, row in table.rows if not is_wider(row, width)])
    columns = [_Column(name, table, place) for place, name in enumerate(table.header)]
    first: dict[str, str] = {}
    for (place, row), name in zip(table.rows, _ids(table, columns), strict=True):
        if name in first:
            found.append(Skipped(place, f"it is the same as {first[name]}"))
        else:
            first[name] = place
            found.append(_record(table, columns, row, name))
    return found


class _Column:
    """A column: what it is called, and how its cells are read."""

    def __init__(self, name: str, table: Table, place: int) -> None:
        self.place = place
        self.name = " ".join(name.split()) or f"Column {place + 1}"
        self.key = re.sub(r"\W+", "_", self.name.casefold()).strip("_")
        cells = {row[place].strip() for _, row in table.rows if place < len(row)}
        self.read = _reading(
            {cell for cell in cells if cell.casefold() not in _MISSING}, decimal_comma=table.decimal_comma
        )

    def cell(self, row: Sequence[str]) -> str:
        return row[self.place].strip() if self.place < len(row) else ""


def _reading(cells: set[str], *, decimal_comma: bool) -> _Read:
    """The narrowest type that fits all cells of a column: what reads each of them as a value."""

    def plain(cell: str) -> str:
        bare = _CURRENCY.sub("", cell)
        return bare.translate(_SWAP_MARKS) if decimal_comma else bare

    def integer(cell: str) -> int | None:
        return int(plain(cell).replace(",", "")) if _INTEGER.fullmatch(plain(cell)) else None

    def number(cell: str) -> float | None:
        return float(plain(cell).replace(",", "")) if _NUMBER.fullmatch(plain(cell)) else None

    def fit(read: _Read) -> bool:
        return bool(cells) and all(read(cell) is not None for cell in cells)

    orders = [read for read in (_day_first, _month_first) if fit(read)]
    if len(orders) == 1:  # where both fit, nobody can tell
        return orders[0]
    return next((read for read in (_boolean, integer, number, _iso_day) if fit(read)), str)


def _boolean(cell: str) -> bool | None:
    return _BOOLEANS.get(cell.casefold())


def _iso_day(cell: str) -> str | None:
    match = _DAY.fullmatch(cell)
    return day(match[1]) or None if match else None


def _day_first(cell: str) -> str | None:
    """A date such as 24.12.2025 or 24/12/2025 as an ISO 8601 day."""
    match = _LOCAL_DAY.fullmatch(cell)
    return day(f"{match[4]}-{int(match[3]):02}-{int(match[1]):02}") or None if match else None


def _month_first(cell: str) -> str | None:
    """A date such as 12/24/2025 as an ISO 8601 day; with dots, the day always comes first."""
    match = _LOCAL_DAY.fullmatch(cell)
    slashes = match is not None and match[2] == "/"
    return day(f"{match[4]}-{int(match[1]):02}-{int(match[3]):02}") or None if match and slashes else None


def _ids(table: Table, columns: Sequence[_Column]) -> list[str]:
    """What tells each row from the others."""
    for column in columns:
        if column.key in _ID_COLUMNS:
            cells = [column.cell(row) for _, row in table.rows]
            if all(cells) and max(Counter(cells).values(), default=0) <= 1:
                return [f"{table.name}!{cell}" if table.name else cell for cell in cells]
    sums = (hashlib.sha256("\0".join([table.name, *row]).encode("utf-8", "replace")) for _, row in table.rows)
    return [checksum.hexdigest()[:16] for checksum in sums]


def _record(table: Table, columns: Sequence[_Column], row: Sequence[str], name: str) -> Content:
    cells = [(column, column.cell(row)) for column in columns]
    filled = [(column, cell) for column, cell in cells if cell]
    fields: dict[str, Value] = {}
    for column, cell in filled:
        value = None if cell.casefold() in _MISSING or _is_long(cell) else column.read(cell)
        if value is not None and value != "":
            fields[column.key] = value
    short = [f"{column.name}: {cell}" for column, cell in filled if not _is_long(cell)]
    long = [f"## {column.name}\n\n{cell}" for column, cell in filled if _is_long(cell)]
    text = "\n\n".join(filter(None, ("; ".join(short), *long)))
    return Content(text, _title(table, fields, filled), _date(fields), fields=fields, name=name)


def _is_long(cell: str) -> bool:
    return len(cell) > _LONG or "\n" in cell


def _title(table: Table, fields: Mapping[str, Value], filled: Sequence[tuple[_Column, str]]) -> str:
    """What names a row: its first short text that is no id, or else its first cell."""
    named = (
        cell
        for column, cell in filled
        if isinstance(fields.get(column.key), str) and column.key not in _ID_COLUMNS and not _is_long(cell)
    )
    words = next(named, filled[0][1][:_LONG] if filled else "")
    return f"{table.name}: {words}" if table.name else words


def _date(fields: Mapping[str, Value]) -> str:
    days = (day(fields[key]) for key in _DATE_COLUMNS if isinstance(fields.get(key), str))
    return next(filter(None, days), "")
