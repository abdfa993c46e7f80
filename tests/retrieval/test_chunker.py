"""Chunks: exact text, exact offsets, and the headings above."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Document
from retrieval.chunker import LARGEST, chunk, first_title

PARAGRAPH = "Staff may carry five days of holiday over into the next year, if they ask before December. " * 8


def document(text: str) -> Document:
    return Document("d.md", "s", "T", text, "l", ("staff",), "en", "2026-01-02")


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "# One\n",
                "## Two ünï\n",
                "\n\n",
                "```python\nx = 1\n\n\ny = 2\n```\n",
                "- a\n- b\n",
                "| a | b |\n|---|---|\n| 1 | 2 |\n",
            ]
        ),
        st.sampled_from(
            [
                "日本語の文章です。" * 60,
                "emoji 👩‍👩‍👧 and é combining. " * 40,
                "Setext\n===\n",
                "word " * 300,
                "x" * 3000,
                "\u2028 \x0b \x0c",
            ]
        ),
        st.text(max_size=200),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(pieces=PIECES)
def test_every_chunk_is_its_own_place_in_the_document(pieces: list[str]) -> None:
    text = "".join(pieces)
    chunks = chunk(document(text))
    end = 0
    for position, piece in enumerate(chunks):
        assert piece.text == text[piece.start : piece.start + len(piece.text)]
        assert piece.position == position
        assert piece.text.strip()
        assert not text[end : piece.start].strip(), "only white space may lie between two chunks"
        assert len(piece.text) <= 2 * LARGEST
        end = piece.start + len(piece.text)
    assert not text[end:].strip()
    assert len({piece.id for piece in chunks}) == len(chunks)


def test_a_chunk_carries_what_its_document_says() -> None:
    (piece,) = chunk(document("Words."))
    assert (piece.document_id, piece.source_id, piece.title, piece.link) == ("d.md", "s", "T", "l")
    assert (piece.readers, piece.language, piece.date) == (("staff",), "en", "2026-01-02")


def test_ids_are_the_same_each_time_and_differ_between_sources() -> None:
    first = chunk(document("Words."))[0].id
    assert chunk(document("Other words."))[0].id == first
    assert chunk(Document("d.md", "other", "T", "Words.", "l"))[0].id != first


def test_the_heading_path_follows_the_outline() -> None:
    headings = ("# A", "## B `code` {#anchor}", "### C", "## D")
    text = "\n\n".join(f"{heading}\n\n{PARAGRAPH}" for heading in headings)
    paths = [piece.heading for piece in chunk(document(text))]
    assert paths == [("A",), ("A", "B code"), ("A", "B code", "C"), ("A", "D")]


def test_a_hash_inside_code_is_no_heading() -> None:
    text = f"# A\n\n```sh\n# not a heading\n```\n\n{PARAGRAPH}\n\n{PARAGRAPH}"
    assert {piece.heading for piece in chunk(document(text))} == {("A",)}


@pytest.mark.parametrize("lines", [10, 60, 100])
def test_a_fenced_block_stays_whole_as_long_as_it_may(lines: int) -> None:
    code = "```python\n" + "\n\n".join(f"value_{n} = {n}" for n in range(lines)) + "\n```"
    text = f"# A\n\n{PARAGRAPH}\n\nLike this:\n\n{code}\n\n{PARAGRAPH}"
    assert any(code in piece.text for piece in chunk(document(text)))


def test_a_heading_is_not_left_alone() -> None:
    text = f"# A\n\n{PARAGRAPH}\n\n## B\n\n{PARAGRAPH}{PARAGRAPH}\n\n## C\n\n{PARAGRAPH}{PARAGRAPH}"
    assert all(PARAGRAPH[:20] in piece.text for piece in chunk(document(text)))


@pytest.mark.parametrize("text", ["", " ", "\n\n\t\n"])
def test_white_space_has_no_chunks(text: str) -> None:
    assert chunk(document(text)) == []


def test_the_title_is_the_first_heading_of_level_one() -> None:
    assert first_title("## Two\n\n# The *title* {#top}\n\n# Other") == "The title"
    assert first_title("## Two\n\nText") == ""
