"""The last filter: what is invisible does not leave, what is language stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outgoing import Payload, clean, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b]0;owned\x07hello", "[2J]0;ownedhello"),
        ("a\u202eb\u2066c", "abc"),
        ("hid\U000e0041\U000e0042den", "hidden"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_hidden_and_controlling_characters_are_removed(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize(
    "text", ["line\n\ttab", "👩\u200d👩\u200d👧", "می\u200cرم", "क्\u200dष", "naïve 中文 ₹"]
)
def test_what_languages_need_stays(text: str) -> None:
    assert visible(text) == text


def test_every_string_in_a_payload_is_filtered_and_nothing_else_changes() -> None:
    payload: Payload = {"text": "a\x1bb", "blocks": [{"text": "c\u202ed", "n": 3, "on": True, "none": None}]}
    assert clean(payload) == {"text": "ab", "blocks": [{"text": "cd", "n": 3, "on": True, "none": None}]}


@given(st.text())
def test_no_control_character_but_newline_and_tab_gets_out(text: str) -> None:
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in visible(text))
