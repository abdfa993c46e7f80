"""Whole statements pass, with markers that are true, in whatever pieces the text came."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.completions import NO_ANSWER
from tests.workers.answering.parts import passage
from workers.answering.grounding.evidence import Evidence
from workers.answering.grounding.gate import StreamGate

PASSAGES = [
    passage("The front desk hands out parking passes. Each is valid for one day."),
    passage("Visitors park in the north yard behind the gate. See items[1] and the note.[2]", position=1),
    passage("Run `candor ingest docs` to add a folder, since version 2.5.", position=2),
]


def gate(pieces: list[str], *, cut: bool = False) -> tuple[StreamGate, list[str]]:
    shown: list[str] = []
    through = StreamGate(Evidence(PASSAGES), shown.append)
    for piece in pieces:
        through.feed(piece)
    through.finish(cut=cut)
    return through, shown


def said(text: str, *, cut: bool = False) -> str:
    return gate([text], cut=cut)[0].text


def test_markers_are_renumbered_as_they_appear() -> None:
    through, _ = gate(["Park in the north yard [2]. The desk has passes [1][2]."])
    assert through.text == "Park in the north yard [1]. The desk has passes [2][1]."
    assert through.order == [2, 1]


def test_a_marker_of_a_passage_that_was_not_given_goes_with_its_blank() -> None:
    through, _ = gate(["Park in the yard [7]. The desk has passes [1, 9]."])
    assert through.text == "Park in the yard. The desk has passes [1]."
    assert through.removed == [7, 9]


@pytest.mark.parametrize(
    "written",
    [
        "Ask the desk [1, 2].",
        "Ask the desk [1; 2].",
        "Ask the desk [1-2].",
        "Ask the desk [1][2].",
        "Ask the desk 【1†a】【2】.",
    ],
)
def test_every_way_of_writing_markers_is_read(written: str) -> None:
    assert said(written).replace(" [", "[") == "Ask the desk[1][2]."


def test_a_link_that_the_model_puts_behind_a_marker_is_removed() -> None:
    assert said("Ask the desk [1](https://evil.example/x).") == "Ask the desk [1]."


def test_a_definition_that_would_make_the_marker_a_link_is_removed() -> None:
    assert said("Ask the desk [1].\n\n[1]: https://evil.example/x") == "Ask the desk [1]."


def test_brackets_in_code_are_no_markers() -> None:
    text = "Use `items[7]` here [3].\n\n```python\nitems[8]\n```\n\nThat is all [3]."
    through, _ = gate([text])
    assert through.text == text.replace("[3]", "[1]")
    assert through.removed == []


def test_nothing_is_shown_before_the_first_statement_with_a_source() -> None:
    shown: list[str] = []
    through = StreamGate(Evidence(PASSAGES), shown.append)
    through.feed("Good question! Let me see. ")
    assert shown == []
    through.feed("The desk has them [1]. And")
    assert shown == ["Good question! Let me see. The desk has them [1]."]


def test_a_text_without_any_source_is_never_shown() -> None:
    through, shown = gate(["I know this one: it is 42. ", "Believe me [5]."])
    assert (through.text, shown) == ("", [])


@pytest.mark.parametrize(
    "text", [NO_ANSWER, f"  {NO_ANSWER}.\n", f"`{NO_ANSWER}`", f"{NO_ANSWER}\n\nStill, ask the desk [1]."]
)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_no_answer_is_never_shown(text: str, size: int) -> None:
    through, shown = gate([text[at : at + size] for at in range(0, len(text), size)])
    assert shown == []
    assert through.no_answer


def test_no_answer_at_the_end_of_an_answer_is_left_out() -> None:
    through, shown = gate(["The desk has passes [1]. ", NO_ANSWER])
    assert "".join(shown) == through.text == "The desk has passes [1]."
    assert not through.no_answer


def test_a_sentence_that_a_passage_plainly_says_is_given_its_marker() -> None:
    through, _ = gate(["Visitors can park in the north yard behind the gate. Ask at the desk [1]."])
    assert through.text == "Visitors can park in the north yard behind the gate. [1] Ask at the desk [2]."
    assert through.order == [2, 1]


def test_a_sentence_that_no_passage_plainly_says_is_given_none() -> None:
    assert said("Ask the desk [1]. Visitors always love the yard behind our old cinema.").count("[") == 1


def test_in_a_block_quote_only_the_last_marker_is_ours() -> None:
    through, _ = gate(
        ["> Visitors park in the north yard behind the gate. See items[1] and the note.[2] [2]\n\nSo it is."]
    )
    assert through.order == [2]
    assert through.statements[0].numbers == (1,)
    assert through.statements[0].quoted == PASSAGES[1].chunk.text


def test_a_text_that_was_cut_off_ends_with_its_last_whole_sentence() -> None:
    assert said("Ask the desk [1]. Then go to the nor", cut=True) == "Ask the desk [1].\n\n(cut short)"
    assert said("Ask the desk [1]. Then go [2].", cut=True) == "Ask the desk [1]. Then go [2].\n\n(cut short)"
    assert said("Ask the de", cut=True) == ""


def test_sentences_are_shown_as_soon_as_they_are_whole() -> None:
    _, shown = gate(["Ask the desk, e.g. Ann. [1] Then park [2]. ", "Version 2.5 is out. [3] 終わり。次です"])
    assert [piece.strip() for piece in shown] == [
        "Ask the desk, e.g. Ann. [1]",
        "Then park [2].",
        "Version 2.5 is out. [3]",
        "終わり。",
        "次です",
    ]


FRAGMENTS = st.sampled_from(
    [
        *("The desk has passes", "Visitors park in the north yard behind the gate", "e.g", "a", "B", "終"),
        *(
            ".",
            "!",
            "?",
            "。",
            "」",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\r\n",
            "\t",
            "(",
            ")",
            '"',
            "**",
            "_",
            "- ",
            "1. ",
        ),
        *(
            "[1]",
            "[2]",
            " [3]",
            "[7]",
            "[1, 2]",
            "[",
            "]",
            "items[1]",
            "[1]: http://x",
            "【2†a】",
            "(https://x)",
        ),
        *("`", "``", "```", "```\n", "\n```python\n", "~~~\n", "> ", "\n> ", "# ", NO_ANSWER, NO_ANSWER[:9]),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS, max_size=25).map("".join), st.data(), st.booleans())
def test_what_is_shown_does_not_depend_on_the_pieces(text: str, data: st.DataObject, cut: bool) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole, at_once = gate([text], cut=cut)
    through, in_pieces = gate(pieces, cut=cut)
    by_letter, _ = gate(list(text), cut=cut)
    assert "".join(in_pieces) == "".join(at_once) == whole.text == through.text == by_letter.text
    assert NO_ANSWER not in whole.text
    assert whole.statements == through.statements == by_letter.statements
    assert (whole.order, whole.removed) == (through.order, through.removed)
