"""The last filter: what is invisible does not leave, what is language stays."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outgoing import Payload, clean, slack, slack_markdown, slack_text, visible


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


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Ask <!channel> and <@U123>", "Ask &lt;!channel> and &lt;@U123>"),
        ("<https://evil.example|the wiki>", "&lt;https://evil.example|the wiki>"),
        ("[the wiki](https://evil.example/x?q=1)", "the wiki (https://evil.example/x?q=1)"),
        ("![chart](https://evil.example/p.png)", "chart (https://evil.example/p.png)"),
        ('[a](<https://evil.example> "b")', "a (https://evil.example)"),
        ("[a](\nhttps://evil.example)", "a (https://evil.example)"),
        ("[a][1]\n\n[1]: https://evil.example", "[a][1]\n\n[1] : https://evil.example"),
        ("[https://a.example](https://a.example)", "https://a.example"),
        ("[1] and a < b & c > d, <div>", "[1] and a < b & c > d, <div>"),
        ("> quoted\n\n| a | b |\n|---|---|", "> quoted\n\n| a | b |\n|---|---|"),
    ],
)
def test_markdown_for_slack_pings_nobody_and_shows_where_links_lead(written: str, shown: str) -> None:
    assert slack_markdown(written) == shown
    assert slack_markdown(shown) == shown


def test_every_route_to_slack_is_filtered() -> None:
    sent = slack(
        {
            "text": "<!here> & co",
            "blocks": [
                {"type": "markdown", "text": "<!here> & co"},
                {"type": "section", "text": {"type": "mrkdwn", "text": "<!here> & co"}},
                {"type": "context", "elements": [{"type": "plain_text", "text": "<!here> & co"}]},
            ],
            "chunks": [{"type": "markdown_text", "text": "<!here> & co"}],
            "markdown_text": "<!here> & co",
        }
    )
    assert sent == {
        "text": "&lt;!here&gt; &amp; co",
        "blocks": [
            {"type": "markdown", "text": "&lt;!here> & co"},
            {"type": "section", "text": {"type": "mrkdwn", "text": "&lt;!here&gt; &amp; co"}},
            {"type": "context", "elements": [{"type": "plain_text", "text": "<!here> & co"}]},
        ],
        "chunks": [{"type": "markdown_text", "text": "&lt;!here> & co"}],
        "markdown_text": "&lt;!here> & co",
    }


def test_the_fallback_is_cut_to_what_slack_takes() -> None:
    cut = slack_text("&<>é" * 2000)
    assert len(cut.encode()) <= 4000
    assert cut.endswith("…")
    assert "&" not in cut.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")


@given(st.text(alphabet="<>!@#|[]()&:/ ahertp\n\u200b\u202e", max_size=60))
def test_no_text_opens_an_entity_or_a_link(text: str) -> None:
    markdown = slack_markdown(visible(text))
    assert not re.search(r"<[!@#]", markdown)
    assert "](" not in markdown
    assert not {"<", ">"} & set(slack_text(visible(text)))
