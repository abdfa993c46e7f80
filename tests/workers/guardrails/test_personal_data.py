"""Personal data of known forms is found, and what only looks like it is not."""

import pytest

from core.messages import Action, Stage
from core.policy import ChannelPolicy
from tests.workers.guardrails.material import answered, asked, the
from workers.guardrails.personal_data import find


@pytest.mark.parametrize(
    ("text", "kind", "held"),
    [
        ("write to ann.lee@acme.example today", "email", "ann.lee@acme.example"),
        ("card 4111 1111 1111 1111 please", "card", "4111 1111 1111 1111"),
        ("card 378282246310005.", "card", "378282246310005"),
        ("IBAN DE89 3704 0044 0532 0130 00 BIC", "iban", "DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "iban", "GB82WEST12345698765432"),
        ("my ssn is 123-45-6789", "ssn", "123-45-6789"),
        ("host 192.168.10.4 is down", "ip", "192.168.10.4"),
        ("host 2001:db8::8a2e:370:7334", "ip", "2001:db8::8a2e:370:7334"),
        ("call +49 30 901820", "phone", "+49 30 901820"),
        ("(415) 555-0132 any time", "phone", "(415) 555-0132"),
        ("phone: 0341 8387176", "phone", "0341 8387176"),
        ("5551234567 mobile", "phone", "5551234567"),
    ],
)
def test_each_kind_is_found_where_it_stands(text: str, kind: str, held: str) -> None:
    assert [(each.kind, text[each.start : each.end]) for each in find(text)] == [(kind, held)]


@pytest.mark.parametrize(
    "text",
    [
        "commit 3f2504e04f8941d39a0c0305e82c3301",
        "id 3f2504e0-4f89-41d3-9a0c-0305e82c3301",
        "card 4111 1111 1111 1112",
        "version 1.2.3 of 2024-05-06",
        "DE00 3704 0044 0532 0130 00",
        "999.1.1.1 and 12:30:15",
        "1,234,567.89 EUR and 100 200 300",
        "0000 0000 0000 0000",
        "order 20240506123",
        "a@b and @handle",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert find(text) == []


def test_a_policy_allows_masks_or_refuses_each_kind() -> None:
    text = "ann@acme.example pays with 4111 1111 1111 1111"
    rule = the("personal_data")
    assert rule.check(asked(text)).text == "ann@acme.example pays with [card]"
    masked = ChannelPolicy(personal_data={"email": "mask", "card": "mask"})
    assert rule.check(asked(text, masked)).text == "[email] pays with [card]"
    refused = ChannelPolicy(personal_data={"email": "refuse"})
    assert rule.check(asked(text, refused)).action is Action.REFUSE


def test_an_answer_is_held_to_the_same_policy() -> None:
    rule = the("personal_data", Stage.OUTPUT)
    assert rule.check(answered("Card 4111 1111 1111 1111.")).text == "Card [card]."
    policy = ChannelPolicy(personal_data={"card": "refuse"})
    assert rule.check(answered("Card 4111 1111 1111 1111.", policy=policy)).action is Action.REWRITE
    assert rule.check(answered("Write to ann@acme.example.")).action is Action.ALLOW
