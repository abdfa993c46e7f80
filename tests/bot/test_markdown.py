"""Where a long text is cut."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.markdown import age, split


def test_a_short_text_stays_whole() -> None:
    assert split("One.\n\nTwo.", 100) == ["One.\n\nTwo."]


def test_a_long_text_is_cut_between_paragraphs() -> None:
    paragraphs = [f"{n} {'word ' * 8}".strip() for n in range(10)]
    pieces = split("\n\n".join(paragraphs), 120)
    assert "\n\n".join(pieces) == "\n\n".join(paragraphs)
    assert all(len(piece) <= 120 for piece in pieces)


def test_code_that_is_cut_is_closed_and_opened_again() -> None:
    code = "\n".join(f"line {n}" for n in range(40))
    pieces = split(f"Before.\n\n```python\n{code}\n```\n\nAfter.", 120)
    assert len(pieces) > 2
    for piece in pieces:
        assert piece.count("```") % 2 == 0
        assert len(piece) <= 120
    assert all(piece.startswith("```python") for piece in pieces[1:-1])
    assert [n for n in range(40) if not any(f"line {n}" in piece for piece in pieces)] == []


def test_a_word_of_any_length_is_cut() -> None:
    pieces = split("x" * 1000, 100)
    assert "".join(pieces) == "x" * 1000
    assert max(map(len, pieces)) <= 100


@given(st.text(alphabet="ab \n`#|-", max_size=600), st.integers(min_value=60, max_value=200))
def test_no_piece_is_too_long_and_no_word_is_lost(text: str, most: int) -> None:
    pieces = split(text, most)
    assert all(0 < len(piece) <= most for piece in pieces)
    letters = [char for char in text if char in "ab"]
    assert len([char for piece in pieces for char in piece if char in "ab"]) >= len(letters)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-11-20", "today"),
        ("2026-11-19", "yesterday"),
        ("2026-11-17", "3 days ago"),
        ("2026-11-07", "13 days ago"),
        ("2026-11-06", "2 weeks ago"),
        ("2026-09-22", "8 weeks ago"),
        ("2026-09-21", "2 months ago"),
        ("2025-11-20", "1 year ago"),
        ("2023-01-01", "3 years ago"),
        ("2026-11-21", ""),
        ("", ""),
        ("in May", ""),
    ],
)
def test_the_age_of_a_source_is_said_in_the_unit_that_fits(day: str, said: str) -> None:
    assert age(day, date(2026, 11, 20)) == said
