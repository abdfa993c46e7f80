"""The app's own address for interactions: what is posted there, and signed."""

import json
import secrets
import time
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bot.simulators.discord.errors import DiscordError
from bot.simulators.discord.record import Delivery
from bot.simulators.discord.state.interactions import ANSWER_SECONDS
from bot.simulators.discord.state.world import World

Json = dict[str, Any]

AT_ONCE = 64
PING = 1
PONG = 1


class Endpoint:
    """Posts to one address."""

    def __init__(self, world: World, url: str) -> None:
        self._world = world
        self._url = url
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=AT_ONCE)
        self._client = httpx.Client(trust_env=False, limits=limits)

    def verify(self) -> None:
        """Send a ping with a good signature, and one with a bad one, which has to be refused by 401.

        Raises:
            DiscordError: 50035 where the app fails either.
        """
        good = self.ping()
        bad = self.ping(forged=True)
        pong = isinstance(good.body, dict) and good.body.get("type") == PONG
        if good.status != httpx.codes.OK or not pong or bad.status != httpx.codes.UNAUTHORIZED:
            fault = {
                "code": "APPLICATION_INTERACTIONS_ENDPOINT_URL_INVALID",
                "message": "The specified interactions endpoint url could not be verified.",
            }
            errors = {"interactions_endpoint_url": {"_errors": [fault]}}
            raise DiscordError(400, 50035, "Invalid Form Body", errors)

    def ping(self, *, forged: bool = False) -> Delivery:
        """Post a ping."""
        world = self._world
        body = {"id": world.ids.new(), "application_id": world.app.id, "type": PING, "version": 1}
        return self.send({**body, "token": secrets.token_urlsafe(16)}, forged=forged)

    def send(self, body: Json, *, forged: bool = False) -> Delivery:
        """Post something, signed by the app's key or, forged, by another."""
        raw = json.dumps(body).encode()
        stamp = str(int(time.time()))
        key = Ed25519PrivateKey.generate() if forged else self._world.app.key
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Discord-Interactions/1.0 (+https://discord.com)",
            "X-Signature-Ed25519": key.sign(stamp.encode() + raw).hex(),
            "X-Signature-Timestamp": stamp,
        }
        began = time.monotonic()
        status, answer = 0, None
        try:
            response = self._client.post(self._url, content=raw, headers=headers, timeout=ANSWER_SECONDS)
        except httpx.HTTPError:
            pass
        else:
            status, answer = response.status_code, _content(response)
        delivery = Delivery(body, not forged, status, answer, time.monotonic() - began)
        self._world.record.delivery(delivery)
        return delivery

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _content(response: httpx.Response) -> Any:
    if response.headers.get("content-type", "").startswith("application/json"):
        try:
            return response.json()
        except ValueError:
            return response.text
    return response.text
