"""Presentations, a heading for each slide."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pptx

from retrieval.loaders import Content
from retrieval.loaders._archive import changed, opened
from retrieval.loaders._values import table


def load(data: bytes) -> Sequence[Content]:
    """Read a presentation: titles, text, tables and notes of its slides, its title and its last change."""
    return [opened(data, "presentation", lambda file: _content(pptx.Presentation(file)))]


def _content(presentation: Any) -> Content:
    properties = presentation.core_properties
    text = "\n\n".join(_slide(slide, number) for number, slide in enumerate(presentation.slides, start=1))
    title = " ".join((properties.title or "").split())
    generic = title.casefold() == "powerpoint presentation"  # what python-pptx and PowerPoint fill in
    return Content(text, "" if generic else title, changed(properties))


def _slide(slide: Any, number: int) -> str:
    named = slide.shapes.title
    title = " ".join(named.text_frame.text.split()) if named is not None else ""
    blocks = [f"## Slide {number}: {title}" if title else f"## Slide {number}"]
    for shape in _flat(slide.shapes):
        if named is not None and shape.shape_id == named.shape_id:
            continue
        if shape.has_text_frame:
            blocks.append(_paragraphs(shape.text_frame))
        elif shape.has_table:
            blocks.append(table([cell.text for cell in row.cells] for row in shape.table.rows))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = _paragraphs(slide.notes_slide.notes_text_frame)
        blocks.append(f"Notes: {notes}" if notes else "")
    return "\n\n".join(filter(None, blocks))


def _paragraphs(frame: Any) -> str:
    lines = [" ".join(paragraph.text.split()) for paragraph in frame.paragraphs]
    return "\n\n".join(filter(None, lines))


def _flat(shapes: Iterable[Any]) -> Iterator[Any]:
    """All shapes, those of groups among them."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _flat(shape.shapes)
        else:
            yield shape
