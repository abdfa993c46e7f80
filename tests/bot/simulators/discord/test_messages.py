"""Messages over plain HTTP: what is accepted, what is refused, whom it pings."""

from typing import Any

import httpx
import pytest

from bot.simulators.discord import DiscordSimulator, Person
from bot.simulators.discord.rules import permissions
from bot.simulators.discord.state import deeds
from bot.simulators.discord.state.channels import CATEGORY, FORUM, Channel, Overwrite
from tests.bot.simulators.discord.refusals import fault, refusal

Json = dict[str, Any]

SILENT: Json = {"allowed_mentions": {"parse": []}}


def button(**more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Yes", "custom_id": "yes", **more}


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def url(channel: Channel, *more: str) -> str:
    return "/".join([f"/channels/{channel.id}/messages", *more])


def test_a_message_is_sent_read_edited_and_deleted(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    question = ana.say(general, "why?")
    sent = http.post(
        url(general), json={"content": "hello", "message_reference": {"message_id": question.id}, "flags": 4}
    ).json()
    assert (sent["content"], sent["type"], sent["flags"]) == ("hello", 19, 4)
    assert sent["referenced_message"]["content"] == "why?"
    edited = http.patch(url(general, sent["id"]), json={"content": "hello there"}).json()
    assert edited["edited_timestamp"]
    assert http.get(url(general, sent["id"])).json()["content"] == "hello there"
    assert [one["content"] for one in http.get(url(general)).json()] == ["hello there", "why?"]
    assert http.delete(url(general, sent["id"])).status_code == 204
    assert refusal(http.get(url(general, sent["id"]))) == (404, 10008)
    assert [request.method for request in simulator.requests] == [
        "POST",
        "PATCH",
        "GET",
        "GET",
        "DELETE",
        "GET",
    ]


def test_history_is_read_in_pages_and_around_a_message(
    http: httpx.Client, ana: Person, general: Channel
) -> None:
    messages = [ana.say(general, str(n)) for n in range(10)]

    def read(**query: Any) -> list[str]:
        return [one["content"] for one in http.get(url(general), params=query).json()]

    assert read(limit=3) == ["9", "8", "7"]
    assert read(limit=3, before=messages[7].id) == ["6", "5", "4"]
    assert read(limit=3, after=messages[1].id) == ["4", "3", "2"]
    assert read(limit=3, around=messages[5].id) == ["6", "5", "4"]
    assert fault(http.get(url(general), params={"limit": 101}), "limit") == "NUMBER_TYPE_MAX"


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"content": "x" * 2001}, ["content"]),
        ({"content": "x", "nonce": "n" * 26}, ["nonce"]),
        ({"content": "x", "flags": 64}, ["flags"]),
        ({"content": "x", "embeds": [{"description": "x"}] * 11}, ["embeds"]),
        ({"content": "x", "embeds": [{"title": "x" * 257}]}, ["embeds", 0, "title"]),
        ({"content": "x", "embeds": [{"description": "x" * 4000}] * 2}, ["embeds"]),
        ({"content": "x", "message_reference": {"message_id": "1"}}, ["message_reference"]),
        ({"content": "x", "allowed_mentions": {"parse": ["all"]}}, ["allowed_mentions", "parse", 0]),
        ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, ["allowed_mentions"]),
        ({"content": "x", "components": [row(button())] * 6}, ["components"]),
        ({"content": "x", "components": [button()]}, ["components", 0, "type"]),
        ({"content": "x", "components": [row()]}, ["components", 0, "components"]),
        (
            {"content": "x", "components": [row(*(button(custom_id=str(n)) for n in range(6)))]},
            ["components", 0, "components"],
        ),
        (
            {"content": "x", "components": [row(button(), button())]},
            ["components", 0, "components", 1, "custom_id"],
        ),
        (
            {"content": "x", "components": [row(button(custom_id="x" * 101))]},
            ["components", 0, "components", 0, "custom_id"],
        ),
        (
            {"content": "x", "components": [row(button(label="x" * 81))]},
            ["components", 0, "components", 0, "label"],
        ),
        (
            {"content": "x", "components": [row({"type": 3, "custom_id": "s", "options": []})]},
            ["components", 0, "components", 0, "options"],
        ),
        ({"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "y"}]}, ["content"]),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "y" * 4001}]}, ["components"]),
        ({"flags": 1 << 15, "components": [{"type": 10, "content": "y"}] * 41}, ["components"]),
    ],
)
def test_a_body_beyond_the_limits_is_refused_at_its_place(
    http: httpx.Client, general: Channel, body: Json, path: list[str | int]
) -> None:
    assert fault(http.post(url(general), json=body), *path)


def test_every_limit_can_be_reached(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    full = {
        "content": "x" * 2000,
        "nonce": "n" * 25,
        "embeds": [{"description": "x" * 600}] * 10,
        "components": [row(*(button(custom_id=f"{m}{n}") for n in range(5))) for m in range(5)],
    }
    assert http.post(url(general), json=full).is_success
    layout = {"flags": 1 << 15, "components": [{"type": 10, "content": "y" * 100}] * 40}
    assert http.post(url(general), json=layout).is_success
    assert simulator.findings == []


def test_what_is_no_json_or_of_the_wrong_kind_is_refused(
    http: httpx.Client, simulator: DiscordSimulator, general: Channel
) -> None:
    broken = http.post(url(general), content="{", headers={"Content-Type": "application/json"})
    assert refusal(broken) == (400, 50109)
    assert fault(http.post(url(general), json=["x"])) == "MODEL_TYPE_CONVERT"
    assert fault(http.post(url(general), json={"content": ["x"]}), "content") == "STRING_TYPE_CONVERT"
    odd = {"content": "x", "allowed_mentions": {"parse": 1}}
    assert fault(http.post(url(general), json=odd)) == "BASE_TYPE_CONVERT"
    assert [finding.rule for finding in simulator.findings] == ["http 400"] * 4


def test_nothing_at_all_is_no_message(http: httpx.Client, general: Channel) -> None:
    assert refusal(http.post(url(general), json={"content": "  "})) == (400, 50006)
    sent = http.post(url(general), json={"content": "x"}).json()
    assert refusal(http.patch(url(general, sent["id"]), json={"content": ""})) == (400, 50006)


def test_an_enforced_nonce_gives_the_same_message_for_five_minutes(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    body = {"content": "once", "nonce": "7", "enforce_nonce": True}
    ids = {http.post(url(general), json=body).json()["id"] for _ in range(2)}
    assert len(ids) == 1
    assert len(ana.sees(general)) == 1
    simulator.clock.advance(301)
    http.post(url(general), json=body)
    http.post(url(general), json={**body, "enforce_nonce": False})
    assert len(ana.sees(general)) == 3


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, (1, 1, True)),
        (SILENT, (0, 0, False)),
        ({"allowed_mentions": {"parse": ["users"]}}, (1, 0, False)),
        ({"allowed_mentions": {"parse": ["everyone"]}}, (0, 0, True)),
        ({"allowed_mentions": {"roles": []}}, (0, 0, False)),
    ],
)
def test_allowed_mentions_decide_who_is_pinged(
    http: httpx.Client, ana: Person, general: Channel, more: Json, expected: tuple[int, int, bool]
) -> None:
    text = f"<@{ana.id}> <@&1234> @everyone"
    http.post(url(general), json={"content": text, **more})
    pings = ana.sees(general)[-1].pings
    assert (len(pings.users), len(pings.roles), pings.everyone) == expected


def test_a_reply_pings_whom_it_answers_unless_it_says_otherwise(
    http: httpx.Client, ana: Person, general: Channel
) -> None:
    question = ana.say(general, "why?")
    reference = {"content": "so", "message_reference": {"message_id": question.id}}
    http.post(url(general), json=reference)
    http.post(url(general), json={**reference, **SILENT})
    assert [message.pings.users for message in ana.sees(general)[1:]] == [frozenset({ana.id}), frozenset()]


def test_links_are_shown_unless_embeds_are_suppressed(
    http: httpx.Client, ana: Person, general: Channel
) -> None:
    for body in (
        {"content": "https://a.example <https://b.example>"},
        {"content": "https://a.example", "flags": 4},
    ):
        http.post(url(general), json=body)
    assert [message.unfurls for message in ana.sees(general)] == [("https://a.example",), ()]


def test_a_preview_changes_a_message_that_nobody_edited(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    message = ana.say(general, "https://a.example")
    deeds.preview(simulator.world, message)
    read = http.get(url(general, message.id)).json()
    assert (read["embeds"][0]["url"], read["edited_timestamp"]) == ("https://a.example", None)


def test_a_channel_that_the_bot_may_not_use_refuses(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    hidden = simulator.channel("hidden", with_bot=False)
    assert refusal(http.post(url(hidden), json={"content": "x"})) == (403, 50001)
    simulator.world.overwrite(general, Overwrite(simulator.guild.id, 0, deny=permissions.SEND_MESSAGES))
    simulator.world.overwrite(general, Overwrite(simulator.app.id, 1, deny=permissions.SEND_MESSAGES))
    assert refusal(http.post(url(general), json={"content": "x"})) == (403, 50013)
    for kind in (FORUM, CATEGORY):
        place = simulator.channel("place", kind)
        assert refusal(http.post(url(place), json={"content": "x"})) == (400, 50008)
    assert refusal(http.post("/channels/1/messages", json={"content": "x"})) == (404, 10003)
    other = ana.say(simulator.channel("other"), "mine")
    place = simulator.world.channel(other.channel)
    assert refusal(http.patch(url(place, other.id), json={"content": "x"})) == (403, 50005)
    assert refusal(http.delete(url(place, other.id))) == (403, 50013)
    assert {finding.rule for finding in simulator.findings} == {"http 400", "http 403", "http 404"}


def test_direct_messages_reach_those_who_take_them(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person
) -> None:
    opened = http.post("/users/@me/channels", json={"recipient_id": ana.id}).json()
    assert [one["id"] for one in opened["recipients"]] == [ana.id]
    http.post(f"/channels/{opened['id']}/messages", json={"content": "psst"})
    assert ana.sees(ana.direct())[-1].content == "psst"
    ana.user.open = False
    refused = http.post(f"/channels/{opened['id']}/messages", json={"content": "psst"})
    assert refusal(refused) == (403, 50007)
    stranger = simulator.person("Sam", stranger=True)
    assert refusal(http.post("/users/@me/channels", json={"recipient_id": stranger.id})) == (403, 50007)


def test_a_locked_thread_takes_no_message_and_an_archived_one_wakes(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    thread = ana.open_thread(general, "t")
    ana.archive(thread)
    http.post(url(thread), json={"content": "wake"})
    assert not thread.archived
    ana.archive(thread, locked=True)
    assert refusal(http.post(url(thread), json={"content": "wake"})) == (400, 50083)


def test_an_attachment_is_fetched_from_an_address_that_ends(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    message = ana.say(general, "", files={"a.txt": b"one"})
    [file] = http.get(url(general, message.id)).json()["attachments"]
    assert httpx.get(file["url"]).text == "one"
    assert httpx.get(file["url"].split("?")[0]).status_code == 404
    simulator.clock.advance(86_401)
    assert httpx.get(file["url"]).status_code == 404
    [again] = http.get(url(general, message.id)).json()["attachments"]
    assert httpx.get(again["url"]).text == "one"


def test_a_file_arrives_byte_for_byte(http: httpx.Client, ana: Person, general: Channel) -> None:
    content = bytes(range(256)) + b"\r\r\n\n--not-a-boundary\r\n"
    files = {"files[0]": ("a b.bin", content)}
    http.post(url(general), data={"payload_json": '{"content": "here"}'}, files=files)
    message = ana.sees(general)[-1]
    assert message.content == "here"
    assert [(file.name, file.content) for file in message.files] == [("a b.bin", content)]


def test_typing_is_shown_for_ten_seconds_or_until_the_bot_has_spoken(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    http.post(f"/channels/{general.id}/typing")
    assert ana.sees_typing(general)
    simulator.clock.advance(10.1)
    assert not ana.sees_typing(general)
    http.post(f"/channels/{general.id}/typing")
    http.post(url(general), json={"content": "x"})
    assert not ana.sees_typing(general)


def test_a_reaction_is_an_emoji_and_can_be_taken_back(
    http: httpx.Client, simulator: DiscordSimulator, ana: Person, general: Channel
) -> None:
    simulator.limits.off()
    message = ana.say(general, "x")
    place = url(general, message.id, "reactions")
    assert http.put(f"{place}/%F0%9F%91%8D/@me").status_code == 204
    ana.react(message, "👍")
    assert [one["id"] for one in http.get(f"{place}/%F0%9F%91%8D").json()][-1] == ana.id
    assert http.get(url(general, message.id)).json()["reactions"][0]["count"] == 2
    assert http.delete(f"{place}/%F0%9F%91%8D/@me").status_code == 204
    assert message.reactions == {"👍": [ana.id]}
    assert refusal(http.put(f"{place}/thumbsup/@me")) == (400, 10014)
