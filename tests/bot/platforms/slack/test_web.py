"""Signed HTTP: nothing unsigned is looked at, and nothing malformed is a server's fault."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping

import httpx
import pytest

from bot.platforms.slack.ingress import listening
from core.errors import Misconfigured
from tests.bot.platforms.slack.bench import Bench

CHALLENGE = json.dumps({"type": "url_verification", "challenge": "c0ffee"}).encode()


def signature(bench: Bench, body: bytes, at: str) -> dict[str, str]:
    secret = bench.slack.app.signing_secret.encode()
    digest = hmac.new(secret, b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
        "Content-Type": "application/json",
    }


def post(bench: Bench, body: bytes, headers: Mapping[str, str | bytes]) -> httpx.Response:
    return httpx.post(bench.url, content=body, headers=_encoded(headers), trust_env=False)


def _encoded(headers: Mapping[str, str | bytes]) -> dict[bytes, bytes]:
    return {
        name.encode(): value.encode() if isinstance(value, str) else value for name, value in headers.items()
    }


def test_a_signed_challenge_is_answered(idle: Bench) -> None:
    said = post(idle, CHALLENGE, signature(idle, CHALLENGE, str(int(time.time()))))
    assert (said.status_code, "c0ffee" in said.text) == (200, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=é".encode()},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "1e9"},
        {"X-Slack-Request-Timestamp": str(int(time.time()) - 900)},
    ],
    ids=str,
)
def test_a_malformed_or_forged_header_is_refused(idle: Bench, wrong: dict[str, str | bytes]) -> None:
    headers = {**signature(idle, CHALLENGE, str(int(time.time()))), **wrong}
    assert post(idle, CHALLENGE, headers).status_code == 401


def test_a_stale_request_is_refused_though_it_is_signed(idle: Bench) -> None:
    headers = signature(idle, CHALLENGE, str(int(time.time()) - 400))
    assert post(idle, CHALLENGE, headers).status_code == 401


def test_no_headers_and_bytes_that_are_no_text_are_refused(idle: Bench) -> None:
    assert post(idle, CHALLENGE, {}).status_code == 401
    junk = b"\xff\xfe\x00"
    assert post(idle, junk, signature(idle, junk, str(int(time.time())))).status_code == 401


def test_a_body_of_any_size_is_cut_short(idle: Bench) -> None:
    assert post(idle, b"x" * 2_000_000, {}).status_code == 413


def test_a_signed_event_that_nobody_listens_to_is_acknowledged(idle: Bench) -> None:
    body = json.dumps(
        {"type": "event_callback", "team_id": idle.slack.workspace.id, "event": {"type": "dnd_updated"}}
    ).encode()
    assert post(idle, body, signature(idle, body, str(int(time.time())))).status_code == 200


def test_a_replayed_request_is_one_question(idle: Bench) -> None:
    idle.ana.say(idle.general, "@candor where is the doorkey?")
    assert idle.slack.settle()
    for receipt in list(idle.slack.receipts) * 3:
        idle.slack.replay(receipt)
    assert idle.slack.settle()
    assert len(idle.turns.recent()) == 1


@pytest.mark.parametrize(
    ("missing", "http"),
    [("slack_signing_secret", True), ("slack_app_token", False), ("slack_bot_token", False)],
)
def test_it_does_not_start_without_its_secrets(idle: Bench, missing: str, http: bool) -> None:
    settings = idle.settings.model_copy(update={missing: type(idle.settings)().slack_bot_token})
    with (
        pytest.raises(Misconfigured, match=f"CANDOR_{missing.upper()}"),
        listening(settings, idle.intake, idle.books, idle.desk, http=http),
    ):
        pass


def test_a_token_that_slack_does_not_take_is_named(idle: Bench) -> None:
    idle.slack.revoke(idle.slack.workspace)
    with (
        pytest.raises(Misconfigured, match="CANDOR_SLACK_BOT_TOKEN"),
        listening(idle.settings, idle.intake, idle.books, idle.desk, http=False),
    ):
        pass
