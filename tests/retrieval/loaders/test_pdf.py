"""PDF files."""

import pytest

from retrieval.loaders import UnreadableError, pdf
from tests.retrieval import papers


def test_each_page_has_a_heading_and_the_metadata_gives_title_and_day() -> None:
    (content,) = pdf.load(
        papers.pdf("The lease ends.", "", "Keys go back.", title="Lease", changed="D:20250301")
    )
    assert content.text == "## Page 1\n\nThe lease ends.\n\n## Page 3\n\nKeys go back."
    assert (content.title, content.date) == ("Lease", "2025-03-01")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"Not a PDF at all", "it is broken or no PDF"),
        (papers.pdf("", ""), "it has no text layer"),
        (papers.pdf("Secret", encrypted=True), "it is protected by a password"),
    ],
)
def test_a_bad_pdf_has_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        pdf.load(data)
