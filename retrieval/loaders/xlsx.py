"""Workbooks: the rows of a table as records, any other sheet as a Markdown table."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import openpyxl  # type: ignore[import-untyped]

from retrieval.loaders import Content, Skipped
from retrieval.loaders._archive import changed, opened
from retrieval.loaders._records import Table, is_header, is_wider, records
from retrieval.loaders._values import table


def load(data: bytes) -> Sequence[Content | Skipped]:
    """Read the sheets of a workbook, formulas by their last result.

    A sheet whose first filled row names at least two columns is a table, and each of its rows a record.
    """
    return opened(data, "workbook", _contents)


def _contents(file: Any) -> list[Content | Skipped]:
    workbook = openpyxl.load_workbook(file, read_only=True, data_only=True)
    date = changed(workbook.properties)
    found: list[Content | Skipped] = []
    for sheet in workbook.worksheets:
        sheet.reset_dimensions()  # what the file claims may be wrong by a million rows
        rows = [
            (f"{sheet.title}!{number}", cells)
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
            if any(cells := [_cell(value) for value in row])
        ]
        if not rows:
            continue
        (_, header), *body = rows
        while header and not header[-1]:
            header.pop()
        if is_header(header) and len(header) > 1 and not any(is_wider(row, len(header)) for _, row in body):
            found.extend(records(Table(sheet.title, header, body)))
        else:
            text = f"## {sheet.title}\n\n{table(cells for _, cells in rows)}"
            found.append(Content(text, date=date, name=sheet.title))
    return found


def _cell(value: object) -> str:
    """A cell as its text would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
