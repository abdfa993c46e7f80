"""Interactions over HTTP: what is signed is taken, and nothing else."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.platforms.discord.ingress import listening
from bot.platforms.discord.ingress.web import genuine
from bot.platforms.discord.settings import DiscordSettings
from bot.simulators.discord.state.interactions import CHOICES, DEFERRED, SHOW_MODAL
from core.errors import Misconfigured
from tests.bot.platforms.discord.bench import Bench, bench, button

KEY = Ed25519PrivateKey.generate()
PING = {"id": "1", "application_id": "2", "type": 1, "version": 1, "token": "t"}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Bench]:
    """Over HTTP, which Discord has tried with a good signature and a bad one."""
    with bench(tmp_path, http=True) as made:
        yield made


def signed(body: bytes, key: Ed25519PrivateKey = KEY, *, at: float | None = None) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    return {
        "x-signature-ed25519": key.sign(stamp.encode() + body).hex(),
        "x-signature-timestamp": stamp,
    }


def posted(hall: Bench, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(hall.url, content=body, headers=headers, trust_env=False)


def test_a_command_is_deferred_over_http_and_answered(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?")
    assert hall.until(lambda: "under the mat" in used.shown)
    assert used.over_http
    assert used.answer == DEFERRED
    hall.settled(1)
    assert hall.replies(hall.general) == [used.original]


def test_buttons_forms_and_proposals_work_over_http(hall: Bench) -> None:
    used = hall.ana.command(hall.general, "/ask", question="where is the doorkey?")
    assert hall.until(lambda: used.original and "down:" in str(used.original.components))
    hall.settled(1)
    assert used.original
    pressed = hall.ben.press(used.original, button(used.original, "down"))
    hall.until(lambda: pressed.answer == SHOW_MODAL)
    sent = hall.ben.submit(pressed, {"reason": "stale", "comment": "it moved"})
    hall.until(lambda: sent.answer)
    assert hall.votes() == [(hall.ben.id, -1, "stale: it moved")]
    typed = hall.ana.complete(hall.general, "ask", "question", "door")
    hall.until(lambda: typed.answer == CHOICES)
    assert [each["value"] for each in typed.choices] == ["where is the doorkey?"]


def test_a_command_in_a_thread_and_in_direct_messages_is_answered_there(hall: Bench) -> None:
    thread = hall.ana.open_thread(hall.ana.say(hall.general, "about the key"), "The key")
    for channel in (thread, hall.ana.direct()):
        hall.ana.command(channel, "/ask", question="where is the doorkey?")
        hall.answer(channel)
    direct, threaded = hall.settled(2)
    assert (threaded.question.address.channel, threaded.question.address.thread) == (
        hall.general.id,
        thread.id,
    )
    assert direct.question.key.workspace == "@me"


def test_a_ping_is_answered_and_a_bad_signature_is_refused(hall: Bench) -> None:
    body, key = json.dumps(PING).encode(), hall.discord.app.key
    good = posted(hall, body, signed(body, key))
    assert (good.status_code, good.json()) == (200, {"type": 1})
    assert posted(hall, body, signed(body)).status_code == 401
    assert posted(hall, body, {}).status_code == 401
    assert posted(hall, body + b" ", signed(body, key)).status_code == 401


def test_what_was_signed_more_than_five_minutes_ago_is_refused(hall: Bench) -> None:
    body, key = json.dumps(PING).encode(), hall.discord.app.key
    for off, status in ((-290, 200), (-310, 401), (310, 401)):
        assert posted(hall, body, signed(body, key, at=time.time() + off)).status_code == status


def test_what_is_signed_and_makes_no_sense_is_a_bad_request_and_too_much_is_not_read(hall: Bench) -> None:
    key = hall.discord.app.key
    for body in (b"", b"nonsense", b"[]", b'{"type": 2}', b'{"type": 2, "user": null, "id": "1"}'):
        assert posted(hall, body, signed(body, key)).status_code == 400
    large = b" " * 1_000_001
    assert posted(hall, large, signed(large, key)).status_code == 413


def test_an_interaction_that_comes_twice_is_taken_once(hall: Bench) -> None:
    hall.ana.command(hall.general, "/ask", question="where is the doorkey?")
    hall.settled(1)
    [told] = [each.payload for each in hall.discord.record.deliveries if each.payload["type"] == 2]
    body = json.dumps(told).encode()
    assert posted(hall, body, signed(body, hall.discord.app.key)).json()["type"] == DEFERRED
    assert len(hall.settled(1)) == 1


def test_of_ten_thousand_flipped_bits_none_is_accepted() -> None:
    body = json.dumps({**PING, "data": {"name": "ask", "options": [{"value": "where?" * 20}]}}).encode()
    headers, public, dice = signed(body), KEY.public_key(), random.Random(1)
    assert genuine(public, body, headers)
    accepted: list[Any] = []
    for _ in range(10_000):
        parts = {"body": body, **{name: value.encode() for name, value in headers.items()}}
        name = dice.choice(list(parts))
        changed = bytearray(parts[name])
        changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
        parts[name] = bytes(changed)
        given = {each: parts[each].decode("latin-1") for each in headers}
        if genuine(public, parts["body"], given):
            accepted.append((name, bytes(changed)))
    assert accepted == []


def test_without_a_public_key_nothing_listens(idle: Bench) -> None:
    for key in ("", "f" * 63, "g" * 64):
        settings = idle.settings.model_copy(update={"discord_public_key": key})
        with (
            pytest.raises(Misconfigured, match=r"^CANDOR_DISCORD_PUBLIC_KEY: "),
            listening(
                DiscordSettings.model_validate(settings),
                idle.intake,
                idle.books,
                idle.desk,
                idle.leases,
                http=True,
            ),
        ):
            raise AssertionError("it listens")
