"""Tables as comma-, semicolon- or tab-separated text: each row a record."""

import csv
import io
from collections.abc import Sequence

from retrieval.loaders import LARGEST_FILE, Content, Skipped, UnreadableError
from retrieval.loaders._records import Table, is_header, records
from retrieval.loaders.text import decode

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE = 64 * 1024


def load(data: bytes) -> Sequence[Content | Skipped]:
    """Read a table whose first row names the columns; where it does not, they are numbered."""
    text = decode(data)
    csv.field_size_limit(LARGEST_FILE)
    delimiter = _delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[str, Sequence[str]]] = []
    try:
        rows.extend((f"line {reader.line_num}", row) for row in reader)
    except csv.Error as error:
        raise UnreadableError(f"line {reader.line_num} is broken ({error})") from None
    filled = [(place, row) for place, row in rows if any(cell.strip() for cell in row)]
    if not filled:
        raise UnreadableError("it has no filled row")
    (_, header), *body = filled
    if not is_header(header):
        header, body = [f"Column {number}" for number in range(1, len(header) + 1)], filled
    while not header[-1].strip():
        header = header[:-1]
    if not body:
        raise UnreadableError("it has no row below the names of its columns")
    return records(Table("", header, body, decimal_comma=delimiter == ";"))


def _delimiter(text: str) -> str:
    """The delimiter by which most lines of a sample have as many cells as the first, and more than one."""
    lines = text[:_SAMPLE].splitlines()[:100]
    if len(text) > _SAMPLE:
        lines.pop()

    def score(delimiter: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        width = widths[0] if widths else 1
        return (sum(each == width for each in widths) if width > 1 else 0, width)

    return max(_DELIMITERS, key=score)
