from typing import Any

import pytest

from bot.simulators.slack import SlackError
from bot.simulators.slack.rules.blocks import check_blocks
from bot.simulators.slack.rules.views import check_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(**fields: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **fields}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def feedback(value: str = "up") -> Json:
    side = {"text": plain("Good"), "value": value}
    buttons = {
        "type": "feedback_buttons",
        "action_id": "fb",
        "positive_button": side,
        "negative_button": side,
    }
    return {"type": "context_actions", "elements": [buttons]}


def select(count: int) -> Json:
    options = [{"text": plain(str(n)), "value": str(n)} for n in range(count)]
    return {"type": "static_select", "action_id": "s", "options": options}


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x" * 3000)],
        [{"type": "markdown", "text": "x" * 12_000}],
        [{"type": "divider"}] * 50,
        [actions(button(value="v" * 2000, action_id="a" * 255, url="https://a.example"))],
        [feedback()],
        [{"type": "header", "text": plain("x" * 150)}],
        [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 10}],
        [actions(select(100))],
        [{"type": "markdown", "text": "\n\n".join(f"# {n}\n\ntext" for n in range(25))}],
    ],
)
def test_what_is_within_the_limits_is_accepted(blocks: list[Json]) -> None:
    check_blocks(blocks)


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ([section("x" * 3001)], "invalid_blocks"),
        ([section("")], "invalid_blocks"),
        ([{"type": "section"}], "invalid_blocks"),
        (
            [{"type": "markdown", "text": "x" * 6000}, {"type": "markdown", "text": "x" * 6001}],
            "msg_too_long",
        ),
        ([section("x" * 2700)] * 5, "msg_blocks_too_long"),
        ([{"type": "divider"}] * 51, "invalid_blocks"),
        ([{"type": "markdown", "text": "\n\n".join(f"# {n}\n\ntext" for n in range(26))}], "invalid_blocks"),
        ([actions(button(value="v" * 2001))], "invalid_blocks"),
        ([actions(button(action_id="a" * 256))], "invalid_blocks"),
        ([actions(button(), button())], "invalid_blocks"),
        ([actions(*(button(action_id=str(n)) for n in range(26)))], "invalid_blocks"),
        ([actions(button(style="purple"))], "invalid_blocks"),
        ([actions(button(text={"type": "mrkdwn", "text": "Go"}))], "invalid_blocks"),
        ([actions(button(text=plain("x" * 76)))], "invalid_blocks"),
        ([actions({"type": "feedback_buttons"})], "invalid_blocks"),
        ([feedback("")], "invalid_blocks"),
        ([{"type": "header", "text": plain("x" * 151)}], "invalid_blocks"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "invalid_blocks"),
        ([actions(select(101))], "invalid_blocks"),
        ([{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}], "invalid_blocks"),
        ([{"type": "divider", "block_id": "a" * 256}], "invalid_blocks"),
        ([{"type": "divider", "colour": "red"}], "invalid_blocks"),
        ([{"type": "marquee"}], "invalid_blocks"),
        ({"type": "divider"}, "invalid_blocks_format"),
    ],
)
def test_what_is_beyond_them_is_refused_by_slacks_own_name(blocks: Any, code: str) -> None:
    with pytest.raises(SlackError) as caught:
        check_blocks(blocks)
    assert caught.value.code == code


def test_a_fault_is_named_with_its_place() -> None:
    with pytest.raises(SlackError) as caught:
        check_blocks([{"type": "divider"}, section("x" * 3001)])
    [message] = caught.value.extra["response_metadata"]["messages"]
    assert message == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"


def test_views_have_rules_of_their_own() -> None:
    modal = {"type": "modal", "title": plain("Why"), "blocks": [section("x")]}
    asking = {"type": "input", "label": plain("Why"), "element": {"type": "plain_text_input"}}
    check_view(modal, "modal")
    check_view({"type": "home", "blocks": [section("x")] * 100}, "home")
    for wrong in (
        {**modal, "title": plain("x" * 25)},
        {**modal, "blocks": [asking]},
        {**modal, "private_metadata": "x" * 3001},
        {**modal, "type": "home"},
    ):
        with pytest.raises(SlackError, match="invalid_arguments"):
            check_view(wrong, "modal")
    with pytest.raises(SlackError, match="invalid_blocks"):
        check_view({"type": "home", "blocks": [feedback()]}, "home")
    with pytest.raises(SlackError, match="view_too_large"):
        check_view({**modal, "blocks": [section("x" * 3000)] * 90}, "modal")
