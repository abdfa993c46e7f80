"""Word documents, presentations and workbooks."""

import io
import zipfile

import pytest

from retrieval.loaders import Content, UnreadableError, docx, pptx, xlsx
from tests.retrieval.papers import LEASE, SNOW, bomb, presentation, word, workbook


def test_a_word_document_keeps_headings_lists_and_tables_in_order() -> None:
    (content,) = docx.load(word())
    assert isinstance(content, Content)
    assert content.text == (
        f"# The house\n\n# Winter\n\n{SNOW}\n\n- Salt stands in the cellar.\n\n"
        "| Floor | Tenant |\n| --- | --- |\n| First | Ms. Okafor \\| son |\n\n"
        f"## Leases\n\n{LEASE}"
    )
    assert (content.title, content.date) == ("The house", "2025-04-03")


def test_a_presentation_has_a_heading_for_each_slide() -> None:
    (content,) = pptx.load(presentation())
    assert isinstance(content, Content)
    assert content.text == (
        f"## Slide 1: Before you come\n\n{SNOW}\n\nNotes: Show the photograph.\n\n"
        "## Slide 2\n\n| Key | Door |\n| --- | --- |\n| K1 | Cellar |"
    )
    assert (content.title, content.date) == ("Moving in", ""), "the day of the library's template is no date"


def test_a_sheet_that_is_no_table_is_shown_as_it_stands() -> None:
    book = workbook(
        {"Plan": [["Plan of the yard"], [], ["North", "Bins", 3], ["South", "Bicycles"]], "Empty": []}
    )
    (content,) = xlsx.load(book)
    assert isinstance(content, Content)
    assert content.text == (
        "## Plan\n\n| Plan of the yard |  |  |\n| --- | --- | --- |\n"
        "| North | Bins | 3 |\n| South | Bicycles |  |"
    )
    assert content.name == "Plan"
    assert content.date


def test_a_workbook_that_claims_a_million_rows_is_read_by_what_it_holds() -> None:
    packed = io.BytesIO(workbook({"Rents": [["Flat", "Rent"], ["Attic", 800]]}))
    claiming = io.BytesIO()
    with zipfile.ZipFile(packed) as before, zipfile.ZipFile(claiming, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            data = before.read(entry)
            after.writestr(entry, data.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"'))
    (content,) = xlsx.load(claiming.getvalue())
    assert isinstance(content, Content)
    assert content.fields == {"flat": "Attic", "rent": 800}


@pytest.mark.parametrize("member", [docx, pptx, xlsx])
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"Not a zip archive at all", "it is broken or no"),
        (word()[:2000], "it is broken or no"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "it is protected by a password"),
        (bomb(1), "it is broken or no"),
        (bomb(301), "it would unpack to 301 MB"),
    ],
    ids=["empty", "other", "cut off", "protected", "hollow", "bomb"],
)
def test_a_bad_office_file_has_its_reason(member: object, data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        member.load(data)  # type: ignore[attr-defined]
    assert str(caught.value).startswith(reason)


def test_an_archive_never_unpacks_to_more_than_it_says() -> None:
    lying = bytearray(bomb(2))
    size = (2 * 2**20).to_bytes(4, "little")
    assert lying.count(size) >= 1
    with pytest.raises(UnreadableError, match="broken"):
        docx.load(bytes(lying).replace(size, (100).to_bytes(4, "little")))
