"""PDF files, a heading for each page."""

from collections.abc import Sequence

import pypdfium2  # type: ignore[import-untyped]

from retrieval.loaders import Content, UnreadableError
from retrieval.loaders._values import day

_PASSWORD = 4
"""FPDF_ERR_PASSWORD of PDFium's public/fpdfview.h."""

_HYPHEN = "\ufffe"
"""What PDFium gives for a hyphen that parts a word at the end of a line."""


def load(data: bytes) -> Sequence[Content]:
    """Read the text layer of a PDF, its title, and the day of its last change."""
    if not data.strip():
        raise UnreadableError("it is empty")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD:
            raise UnreadableError("it is protected by a password") from None
        raise UnreadableError("it is broken or no PDF") from None
    try:
        pages = [_text(document, number) for number in range(len(document))]
        metadata = document.get_metadata_dict()
    except pypdfium2.PdfiumError:
        raise UnreadableError("it is broken: a page cannot be read") from None
    finally:
        document.close()
    if not any(pages):
        raise UnreadableError("it has no text layer (scanned pages need text recognition first)")
    text = "\n\n".join(f"## Page {number}\n\n{page}" for number, page in enumerate(pages, start=1) if page)
    date = day(metadata.get("ModDate")) or day(metadata.get("CreationDate"))
    return [Content(text, " ".join((metadata.get("Title") or "").split()), date)]


def _text(document: pypdfium2.PdfDocument, number: int) -> str:
    """The text of a page, counted from 0."""
    page = document[number]
    layer = page.get_textpage()
    text: str = layer.get_text_bounded()
    layer.close()
    page.close()
    lines = text.replace(_HYPHEN + "\r\n", "").replace(_HYPHEN, "").replace("\r\n", "\n").replace("\0", "")
    return lines.strip()
