"""Small files of every format, made on the spot."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage

import docx
import openpyxl  # type: ignore[import-untyped]
import pptx
from pptx.util import Inches

LEASE = "The lease of the north yard ends in June, and the keys go back to the caretaker."
SNOW = "Whoever comes first clears the snow from the steps before eight in the morning."


def pdf(*pages: str, title: str = "", changed: str = "", encrypted: bool = False) -> bytes:
    """A PDF with a line of text on each page; on an empty one, something is drawn."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title ({title}) /ModDate ({changed}) >>",
    ]
    for number, text in enumerate(pages):
        drawn = f"BT /F1 12 Tf 40 700 Td ({text}) Tj ET" if text else "40 40 200 200 re f"
        place = f"/Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * number} 0 R"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] {place} >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    secret = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'61' * 32}> /U <{'62' * 32}> >> "
        f"/ID [<{'63' * 16}> <{'63' * 16}>]"
        if encrypted
        else ""
    )
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R {secret} >>"
    return (
        f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n{trailer}\nstartxref\n{len(body)}\n%%EOF"
    ).encode()


def word() -> bytes:
    """A Word document with a title, headings, a list and a table."""
    document = docx.Document()
    document.core_properties.modified = datetime(2025, 4, 3, 9)  # noqa: DTZ001 - as the library has it
    document.core_properties.title = ""
    document.add_heading("The house", 0)
    document.add_heading("Winter", 1)
    document.add_paragraph(SNOW)
    document.add_paragraph("Salt stands in the cellar.", style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for row, cells in zip(table.rows, (("Floor", "Tenant"), ("First", "Ms. Okafor | son")), strict=True):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    document.add_heading("Leases", 2)
    document.add_paragraph(LEASE)
    return saved(document)


def workbook(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def presentation() -> bytes:
    """A presentation of two slides: a title with bullets and notes; a table without a title."""
    slides = pptx.Presentation()
    slides.core_properties.title = "Moving in"
    first = slides.slides.add_slide(slides.slide_layouts[1])
    assert first.shapes.title is not None
    first.shapes.title.text = "Before you come"
    first.placeholders[1].text = SNOW
    notes = first.notes_slide.notes_text_frame
    assert notes is not None
    notes.text = "Show the photograph."
    second = slides.slides.add_slide(slides.slide_layouts[6])
    shape = second.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1))
    for place, words in enumerate(("Key", "Door", "K1", "Cellar")):
        shape.table.cell(place // 2, place % 2).text = words
    return saved(slides)


def message(*, html: bool = False) -> bytes:
    """An e-mail with an attachment."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "Ana Ruiz <ana@example.org>", "house@example.org"
    mail["Subject"], mail["Date"] = "Schnee früh räumen", "Tue, 14 Jan 2025 07:30:00 +0100"
    if html:
        mail.set_content(f"<html><body><h1>Snow</h1><p>{SNOW} {LEASE}</p></body></html>", subtype="html")
    else:
        mail.set_content(f"Hello,\r\n\r\n{SNOW}\r\n")
    mail.add_attachment(b"x", maintype="image", subtype="png", filename="steps.png")
    return mail.as_bytes()


def bomb(megabytes: int, *, kind: str = "word/document.xml") -> bytes:
    """A zip archive of zeros that unpacks to so much."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(kind, "w") as entry:
        for _ in range(megabytes):
            entry.write(bytes(2**20))
    return file.getvalue()


def saved(paper: object) -> bytes:
    """What a library's document is when it is saved."""
    file = io.BytesIO()
    paper.save(file)  # type: ignore[attr-defined]
    return file.getvalue()
