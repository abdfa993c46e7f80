"""Word documents, as Markdown with their headings, lists and tables."""

import re
from collections.abc import Iterator, Sequence

import docx
from docx.document import Document as WordDocument
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from retrieval.loaders import Content
from retrieval.loaders._archive import changed, opened
from retrieval.loaders._values import table

_HEADING = re.compile(r"heading ([1-6])", re.IGNORECASE)


def load(data: bytes) -> Sequence[Content]:
    """Read a Word document: paragraphs and tables in order, and title and last change."""
    return [opened(data, "Word document", lambda file: _content(docx.Document(file)))]


def _content(document: WordDocument) -> Content:
    properties = document.core_properties
    title = " ".join(properties.title.split())
    blocks = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            blocks.append(table(_rows(block)))
            continue
        if not title and _style(block) == "title":
            title = " ".join(block.text.split())
        blocks.append(_markdown(block))
    text = "\n\n".join(filter(None, blocks))
    return Content(text, title, changed(properties))


def _style(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").casefold() if style is not None else ""


def _markdown(paragraph: Paragraph) -> str:
    words = paragraph.text.strip()
    style = _style(paragraph)
    if not words:
        return ""
    if style == "title":
        return f"# {' '.join(words.split())}"
    if match := _HEADING.match(style):
        return f"{'#' * int(match[1])} {' '.join(words.split())}"
    numbered = paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None  # noqa: SLF001 - no other way
    if style.startswith("list") or numbered:
        return f"- {words}"
    return words


def _rows(block: Table) -> Iterator[list[str]]:
    """The rows of a table; a cell that spans several columns stands once."""
    for row in block.rows:
        cells: list[_Cell] = []
        for cell in row.cells:
            if not cells or cell._tc is not cells[-1]._tc:  # noqa: SLF001 - what tells merged cells apart
                cells.append(cell)
        yield [cell.text for cell in cells]
