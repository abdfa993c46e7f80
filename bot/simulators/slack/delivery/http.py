"""Signed HTTP: what the app's request URL receives."""

import hashlib
import hmac
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.simulators.slack.delivery.parcel import Parcel
from bot.simulators.slack.record import Receipt

REDIRECTS = 2


def sign(secret: str, body: bytes, timestamp: str) -> str:
    """Slack's signature, version 0: HMAC-SHA256 over `v0:{timestamp}:{body}`."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpTransport:
    """Delivers to one request URL, as Slack does to an app without Socket Mode."""

    def __init__(self, secret: str, url: str) -> None:
        self._secret = secret
        self._url = url
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=32)
        self._client = httpx.Client(
            trust_env=False, follow_redirects=True, max_redirects=REDIRECTS, limits=limits
        )

    def verify(self, token: str, seconds: float) -> bool:
        """Send `url_verification`; whether the challenge comes back, bare or as JSON."""
        challenge = secrets.token_urlsafe(32)
        payload = {"type": "url_verification", "token": token, "challenge": challenge}
        receipt, _ = self.deliver(Parcel("events_api", payload), seconds)
        body = receipt.body
        return receipt.acknowledged and challenge in (
            body,
            body.get("challenge") if isinstance(body, dict) else "",
        )

    def deliver(self, parcel: Parcel, seconds: float) -> tuple[Receipt, bool]:
        """See `Transport`. Another attempt is not welcome after `X-Slack-No-Retry: 1`."""
        body, kind = _encode(parcel)
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self._secret, body, stamp),
        }
        if parcel.attempt:
            headers["X-Slack-Retry-Num"] = str(parcel.attempt)
            headers["X-Slack-Retry-Reason"] = parcel.reason
        began = time.monotonic()
        status, reason, answer, retry = 0, "", None, True
        try:
            response = self._client.post(self._url, content=body, headers=headers, timeout=seconds)
        except httpx.TimeoutException:
            reason = "http_timeout"
        except httpx.TooManyRedirects:
            reason = "too_many_redirects"
        except httpx.ConnectError:
            reason = "connection_failed"
        except httpx.HTTPError:
            reason = "unknown_error"
        else:
            status, answer = response.status_code, _body(response)
            reason = "" if response.is_success else "http_error"
            retry = response.headers.get("X-Slack-No-Retry") != "1"
        taken = time.monotonic() - began
        payload = parcel.payload
        receipt = Receipt(parcel.kind, payload, parcel.attempt, not reason, reason, taken, status, answer)
        return receipt, retry

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _encode(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    form = {"payload": json.dumps(parcel.payload)} if parcel.kind == "interactive" else parcel.payload
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _body(response: httpx.Response) -> Any:
    if response.headers.get("content-type", "").startswith("application/json"):
        try:
            return response.json()
        except ValueError:
            return response.text
    return response.text
