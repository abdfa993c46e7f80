import pytest

from bot.simulators.slack.entities import links, pings, typed


@pytest.mark.parametrize(
    ("text", "wire"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("@ana hello", "<@U1> hello"),
        ("@Ana.", "<@U1>."),
        ("@nobody", "@nobody"),
        ("ana@example.com", "ana@example.com"),
        ("<@U9> <!here>", "<@U9> <!here>"),
        ("see https://a.example/x?a=1.", "see <https://a.example/x?a=1>."),
    ],
)
def test_what_a_person_types_becomes_slacks_wire_form(text: str, wire: str) -> None:
    assert typed(text, {"ana": "U1"}) == wire


def test_bare_names_ping_only_where_names_are_linked() -> None:
    assert pings(iter(["@channel"])) == frozenset()
    assert pings(iter(["@channel a@here.example"]), names_are_linked=True) == {"!channel"}


def test_links_are_found_in_entities_markdown_and_bare() -> None:
    text = "<https://a.example|a> [b](https://b.example) https://c.example, <mailto:x@a.example>"
    assert links(iter([text])) == ("https://a.example", "https://b.example", "https://c.example")
