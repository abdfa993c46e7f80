"""Bare connections to the gateway."""

import json
from contextlib import ExitStack, suppress
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.simulators.discord import App, DiscordSimulator
from bot.simulators.discord.rules import intents

Json = dict[str, Any]

EVERYTHING = intents.GUILDS | intents.GUILD_MESSAGES | intents.DIRECT_MESSAGES | intents.MESSAGE_CONTENT


def received(socket: ClientConnection) -> Json:
    return dict(json.loads(socket.recv(timeout=10)))


def until(socket: ClientConnection, event: str) -> Json:
    while (payload := received(socket))["t"] != event:
        pass
    return payload


def send(socket: ClientConnection, op: int, data: Any) -> None:
    socket.send(json.dumps({"op": op, "d": data}))


def identify(socket: ClientConnection, app: App, wanted: int = EVERYTHING, **more: Any) -> None:
    send(socket, 2, {"token": app.token, "properties": {}, "intents": wanted, **more})


def closed(socket: ClientConnection) -> int:
    """The code that a connection is closed with."""
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=10)
    assert socket.close_code
    return socket.close_code


class Sockets:
    """Opens connections, up to their hello."""

    def __init__(self, simulator: DiscordSimulator, stack: ExitStack) -> None:
        self._simulator = simulator
        self._stack = stack

    def open(self, query: str = "v=10&encoding=json") -> ClientConnection:
        url = f"{self._simulator.gateway_url}/?{query}"
        return self._stack.enter_context(connect(url, compression=None))

    def ready(self, wanted: int = EVERYTHING) -> tuple[ClientConnection, Json]:
        socket = self.open()
        identify(socket, self._simulator.app, wanted)
        ready = until(socket, "READY")
        until(socket, "GUILD_CREATE")
        return socket, ready["d"]
