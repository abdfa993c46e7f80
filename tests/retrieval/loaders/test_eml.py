"""E-mail messages."""

import pytest

from retrieval.loaders import UnreadableError, eml
from tests.retrieval.papers import LEASE, SNOW, message

HEAD = (
    "# Schnee früh räumen\n\n- From: Ana Ruiz <ana@example.org>\n- To: house@example.org\n"
    "- Date: Tue, 14 Jan 2025 07:30:00 +0100"
)


def test_a_message_has_its_head_its_body_and_the_names_of_its_attachments() -> None:
    (content,) = eml.load(message())
    assert content.text == f"{HEAD}\n\nHello,\n\n{SNOW}\n\nAttachments: steps.png"
    assert (content.title, content.date) == ("Schnee früh räumen", "2025-01-14")


def test_a_body_in_html_becomes_markdown() -> None:
    (content,) = eml.load(message(html=True))
    assert content.text == f"{HEAD}\n\n{SNOW} {LEASE}\n\nAttachments: steps.png"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" \n", "it is empty"),
        (b"Just a few words.", "it is broken or no e-mail message"),
        (b"\x00\xff\x10\x80" * 100, "it is broken or no e-mail message"),
        (b"From: a@example.org\n\n", "it has no text"),
        (b"From: a@b.org\nContent-Type: text/plain; charset=x-none\n\n\xff", "unknown encoding"),
    ],
)
def test_a_bad_message_has_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        eml.load(data)
