"""Sentences are exact offsets into any Markdown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.sentences import BlockKind, blocks, sentences


def split(text: str, language: str = "en") -> list[str]:
    return [text[span.start : span.end] for span in sentences(text, language)]


def test_running_text_is_split_at_its_sentences_and_not_at_abbreviations() -> None:
    text = "Dr. Vogel came at 3.30. She stayed, e.g. for tea!  Did she leave?"
    assert split(text) == ["Dr. Vogel came at 3.30.", "She stayed, e.g. for tea!", "Did she leave?"]


def test_a_sentence_may_run_over_the_end_of_a_line_but_not_of_a_paragraph() -> None:
    assert split("One goes\non here. Two\n\nends without a stop") == [
        "One goes\non here.",
        "Two",
        "ends without a stop",
    ]


def test_the_stars_that_close_a_bold_sentence_stay_with_it() -> None:
    assert split("**Mind the gap.** Then step in.") == ["**Mind the gap.**", "Then step in."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Hours\nWe open at nine. Not later.", ["Hours", "We open at nine.", "Not later."]),
        ("- first. With two.\n  And more.\n- [ ] second", ["first.", "With two.", "And more.", "second"]),
        ('!!! note "Mind"\n    Be slow.\n=== "EU"', ['note "Mind"', "Be slow.", '"EU"']),
        ("1. Stop it\n2) Start it", ["Stop it", "Start it"]),
        ("> A quoted line. Another\n> one here.", ["A quoted line.", "Another\n> one here."]),
        ("| day | from |\n|---|:-:|\n| Monday. | 9 |", ["| day | from |", "| Monday. | 9 |"]),
        ("Before\n\n---\n\nAfter", ["Before", "After"]),
        ("Run:\n```sh\nmake.\n\n# no head\n```\nOk.", ["Run:", "```sh\nmake.\n\n# no head\n```", "Ok."]),
        ("- step\n\n  ~~~\n  a\n  ~~~\n", ["step", "~~~\n  a\n  ~~~"]),
        ("```\nnever closed\n\n", ["```\nnever closed"]),
        ("````\n```\nstill code\n````\nout", ["````\n```\nstill code\n````", "out"]),
        ("One.\r\n\r\n## Two\r\nThree.", ["One.", "Two", "Three."]),
        ("", []),
        (" \n\t\n", []),
    ],
)  # fmt: skip
def test_markdown_blocks_are_units_without_their_markers(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("zh", "我们九点开门。好的。", 2),
        ("hi", "दुकान खुली है। आप आइए।", 2),
        ("fa", "باز است. بیا.", 2),
        ("xx", "He sat. She stood.", 2),
    ],
)
def test_other_scripts_and_unknown_languages_are_split_too(language: str, text: str, count: int) -> None:
    assert len(split(text, language)) == count


def test_blocks_say_what_they_are() -> None:
    text = "# H\np\n- i\n| r |\n> q\n```\nc\n```"
    assert [block.kind for block in blocks(text)] == [
        BlockKind.HEADING,
        BlockKind.PROSE,
        BlockKind.ITEM,
        BlockKind.ROW,
        BlockKind.QUOTE,
        BlockKind.CODE,
    ]


_MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(["\n", "\n\n", "# ", "- ", "> ", "| a |", "```", "~~~", "1. ", "---", "!!! "]),
        st.sampled_from([" ", "**", "a. B", "é。", "\r"]),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)  # fmt: skip


@given(_MARKDOWN)
def test_spans_are_in_order_apart_trimmed_and_lose_no_word(text: str) -> None:
    end = 0
    for span in sentences(text):
        assert end <= span.start < span.end <= len(text)
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        end = span.end
    kept = "".join(split(text))
    assert sum(letter.isalpha() for letter in kept) == sum(letter.isalpha() for letter in text)
