"""Interactions over plain HTTP: their clocks, their answers, and the app's own signed address."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.simulators.discord import DiscordError, DiscordSimulator, Person
from bot.simulators.discord.state.channels import Channel
from bot.simulators.discord.state.interactions import Interaction
from tests.bot.simulators.discord.endpoint import Endpoint
from tests.bot.simulators.discord.refusals import fault, refusal

Json = dict[str, Any]

ASK: Json = {
    "name": "ask",
    "description": "Ask",
    "options": [{"type": 3, "name": "question", "description": "What", "required": True}],
}
MENU: Json = {"name": "Ask about this", "type": 3}
MODAL: Json = {
    "custom_id": "why",
    "title": "Why?",
    "components": [
        {
            "type": 18,
            "label": "Reason",
            "component": {"type": 3, "custom_id": "kind", "options": [{"label": "Old", "value": "old"}]},
        },
        {
            "type": 1,
            "components": [{"type": 4, "custom_id": "text", "style": 2, "label": "More", "max_length": 9}],
        },
    ],
}


@pytest.fixture
def app(http: httpx.Client, simulator: DiscordSimulator) -> str:
    """The app's id, once its commands are registered."""
    assert http.put(f"/applications/{simulator.app.id}/commands", json=[ASK, MENU]).is_success
    simulator.limits.off()
    return simulator.app.id


@pytest.fixture
def worker(simulator: DiscordSimulator) -> Iterator[httpx.Client]:
    """A client without the bot's token: the interaction's is enough."""
    with httpx.Client(base_url=simulator.api_url, trust_env=False) as client:
        yield client


@pytest.fixture
def asked(app: str, ana: Person, general: Channel) -> Interaction:
    return ana.command(general, "ask", question="why?")


def callback(interaction: Interaction, **query: Any) -> str:
    more = "".join(f"?{name}={value}" for name, value in query.items())
    return f"/interactions/{interaction.id}/{interaction.token}/callback{more}"


def webhook(interaction: Interaction, *more: str) -> str:
    return "/".join([f"/webhooks/{interaction.guild and '1100000000000000001'}/{interaction.token}", *more])


def test_a_deferred_answer_is_filled_in_by_somebody_without_the_bots_token(
    worker: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel, asked: Interaction
) -> None:
    told = worker.post(callback(asked, with_response=1), json={"type": 5}).json()
    assert told["interaction"]["response_message_loading"] is True
    assert told["resource"]["message"]["flags"] & 128
    assert ana.sees(general)[-1].loading
    shown = worker.patch(webhook(asked, "messages", "@original"), json={"content": "because"}).json()
    assert (shown["content"], shown["flags"] & 128, shown["edited_timestamp"]) == ("because", 0, None)
    assert worker.get(webhook(asked, "messages", "@original")).json()["content"] == "because"
    more = worker.post(webhook(asked), json={"content": "and", "flags": 64}).json()
    assert asked.followups[0].visible_to == ana.id
    worker.patch(webhook(asked, "messages", more["id"]), json={"content": "and so"})
    assert asked.shown == "because\nand so"
    assert worker.delete(webhook(asked, "messages", "@original")).status_code == 204
    gone = worker.patch(webhook(asked, "messages", "@original"), json={"content": "x"})
    assert refusal(gone) == (404, 10008)
    assert {request.authorization for request in simulator.requests[1:]} == {"token"}


def test_the_first_followup_takes_the_promised_place_as_it_was_promised(
    worker: httpx.Client, asked: Interaction, ana: Person, general: Channel
) -> None:
    assert worker.post(callback(asked), json={"type": 5}).status_code == 204
    followed = worker.post(webhook(asked), json={"content": "for all", "flags": 64}).json()
    assert asked.original
    assert followed["id"] == asked.original.id
    assert not asked.ephemeral
    assert asked.followups == []


def test_an_answer_comes_within_three_seconds_or_not_at_all(
    worker: httpx.Client, simulator: DiscordSimulator, asked: Interaction
) -> None:
    simulator.clock.advance(3.1)
    assert refusal(worker.post(callback(asked), json={"type": 5})) == (404, 10062)
    assert simulator.wait_for(lambda: asked.failed)
    assert asked.shown == "The application did not respond"
    assert simulator.record.wait_for(
        lambda: "interaction unanswered" in [finding.rule for finding in simulator.findings]
    )


def test_an_answer_comes_once(worker: httpx.Client, asked: Interaction) -> None:
    worker.post(callback(asked), json={"type": 4, "data": {"content": "one"}})
    again = worker.post(callback(asked), json={"type": 4, "data": {"content": "two"}})
    assert refusal(again) == (400, 40060)
    assert asked.shown == "one"


def test_a_token_lives_for_fifteen_minutes_and_only_after_the_answer(
    worker: httpx.Client, simulator: DiscordSimulator, asked: Interaction
) -> None:
    assert refusal(worker.post(webhook(asked), json={"content": "early"})) == (404, 10015)
    worker.post(callback(asked), json={"type": 5})
    simulator.clock.advance(899)
    assert worker.patch(webhook(asked, "messages", "@original"), json={"content": "x"}).is_success
    simulator.clock.advance(2)
    late = worker.patch(webhook(asked, "messages", "@original"), json={"content": "y"})
    assert refusal(late) == (401, 50027)


@pytest.mark.parametrize("kind", [1, 6, 7, 8, 99])
def test_a_command_is_not_answered_like_a_button(worker: httpx.Client, asked: Interaction, kind: int) -> None:
    assert fault(worker.post(callback(asked), json={"type": kind, "data": {}}), "type")
    assert asked.answer == 0


def test_an_answer_pings_users_alone_unless_it_says_so(
    worker: httpx.Client, simulator: DiscordSimulator, asked: Interaction, ana: Person
) -> None:
    role = simulator.role("ops")
    text = f"<@{ana.id}> <@&{role.id}> @everyone"
    worker.post(callback(asked), json={"type": 4, "data": {"content": text}})
    assert asked.original
    pings = asked.original.pings
    assert (pings.users, pings.roles, pings.everyone) == (frozenset({ana.id}), frozenset(), False)


def test_a_modal_is_checked_shown_filled_in_and_sent(
    worker: httpx.Client, asked: Interaction, ana: Person
) -> None:
    nameless = {**MODAL, "title": "x" * 46}
    assert fault(worker.post(callback(asked), json={"type": 9, "data": nameless}), "data", "title")
    assert worker.post(callback(asked), json={"type": 9, "data": MODAL}).is_success
    with pytest.raises(DiscordError, match="has to be filled in"):
        ana.submit(asked, {"kind": ["old"], "text": "much too long"})
    with pytest.raises(DiscordError, match="no option new"):
        ana.submit(asked, {"kind": ["new"], "text": "short"})
    sent = ana.submit(asked, {"kind": ["old"], "text": "short"})
    label, row = sent.data["components"]
    assert label["component"]["values"] == ["old"]
    assert row["components"][0]["value"] == "short"
    assert fault(worker.post(callback(sent), json={"type": 9, "data": MODAL}), "type")
    assert worker.post(callback(sent), json={"type": 4, "data": {"content": "noted"}}).is_success


def test_a_form_of_the_context_menu_cannot_change_the_message_it_is_about(
    worker: httpx.Client, app: str, ana: Person, general: Channel
) -> None:
    about = ana.menu(ana.say(general, "long story"), "Ask about this")
    worker.post(callback(about), json={"type": 9, "data": MODAL})
    sent = ana.submit(about, {"kind": ["old"], "text": "short"})
    assert fault(worker.post(callback(sent), json={"type": 7, "data": {"content": "x"}}), "type")


def test_a_component_changes_its_own_message(
    http: httpx.Client, worker: httpx.Client, app: str, ana: Person, general: Channel
) -> None:
    menu = {"type": 3, "custom_id": "pick", "options": [{"label": "A", "value": "a"}]}
    rows = [{"type": 1, "components": [menu]}]
    http.post(f"/channels/{general.id}/messages", json={"content": "pick", "components": rows})
    message = ana.sees(general)[-1]
    with pytest.raises(DiscordError, match="no option b"):
        ana.press(message, "pick", "b")
    picked = ana.press(message, "pick", "a")
    assert picked.data["values"] == ["a"]
    worker.post(callback(picked), json={"type": 6})
    worker.patch(webhook(picked, "messages", "@original"), json={"content": "picked", "components": []})
    assert (message.content, message.components) == ("picked", [])


def test_the_context_menu_and_the_direct_conversation_carry_what_they_are_about(
    app: str, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    about = ana.menu(ana.say(general, "long story"), "Ask about this")
    [message] = about.data["resolved"]["messages"].values()
    assert message["content"] == "long story"
    alone = ana.command(ana.direct(), "ask", question="why?")
    assert alone.guild == ""


def test_signed_interactions_are_posted_and_answered_in_the_body(
    worker: httpx.Client, app: str, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    with Endpoint(simulator.app.public_key, lambda _body: {"type": 5, "data": {"flags": 64}}) as endpoint:
        simulator.listen(endpoint.url)
        asked = ana.command(general, "ask", question="why?")
        assert simulator.wait_for(lambda: asked.answer)
        assert (asked.ephemeral, asked.over_http) == (True, True)
        assert worker.patch(webhook(asked, "messages", "@original"), json={"content": "because"}).is_success
        assert simulator.courier.forge().status == 401
    assert [body["type"] for body in endpoint.received] == [1, 2]
    assert [delivery.signed for delivery in simulator.record.deliveries] == [True, False, True, False]
    assert asked.shown == "because"


def test_an_address_that_checks_no_signature_is_not_taken(simulator: DiscordSimulator) -> None:
    with (
        Endpoint(simulator.app.public_key, lambda _body: {}, careless=True) as endpoint,
        pytest.raises(DiscordError, match="50035"),
    ):
        simulator.listen(endpoint.url)
    assert simulator.courier.endpoint is None


def test_an_address_that_stops_checking_is_taken_away(simulator: DiscordSimulator) -> None:
    with Endpoint(simulator.app.public_key, lambda _body: {}) as endpoint:
        simulator.listen(endpoint.url)
        endpoint.careless = True
        assert simulator.courier.forge().status == 200
    assert simulator.courier.endpoint is None
    assert [finding.rule for finding in simulator.findings] == ["signature"]


def test_an_answer_that_discord_would_refuse_is_found(
    app: str, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    body = {"type": 4, "data": {"content": "x" * 2001}}
    with Endpoint(simulator.app.public_key, lambda _body: body) as endpoint:
        simulator.listen(endpoint.url)
        ana.command(general, "ask", question="why?")
        assert simulator.record.wait_for(lambda: simulator.findings)
    assert [finding.rule for finding in simulator.findings] == ["interaction answer"]
