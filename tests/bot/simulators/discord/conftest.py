"""A simulator with one person in one channel, discord.py's client, and a plain HTTP client."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest

from bot.simulators.discord import DiscordSimulator, Person
from bot.simulators.discord.state.channels import Channel
from tests.bot.simulators.discord.clients import Client, Running
from tests.bot.simulators.discord.sockets import Sockets


@pytest.fixture(scope="session")
def closing() -> Iterator[list[Future[None]]]:
    """Simulators on their way out: a server takes a moment to end, which no test has to wait for."""
    ends: list[Future[None]] = []
    yield ends
    for end in ends:
        end.result(10)


@pytest.fixture(scope="session")
def closer(closing: list[Future[None]]) -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


@pytest.fixture
def simulator(closer: ThreadPoolExecutor, closing: list[Future[None]]) -> Iterator[DiscordSimulator]:
    simulator = DiscordSimulator()
    simulator.__enter__()
    yield simulator
    closing.append(closer.submit(simulator.__exit__, None, None, None))


@pytest.fixture
def ana(simulator: DiscordSimulator) -> Person:
    return simulator.person("Ana")


@pytest.fixture
def general(simulator: DiscordSimulator) -> Channel:
    return simulator.channel("general")


@pytest.fixture
def http(simulator: DiscordSimulator) -> Iterator[httpx.Client]:
    """The app's own requests, with its token."""
    headers = {"Authorization": f"Bot {simulator.app.token}"}
    with httpx.Client(base_url=simulator.api_url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def sockets(simulator: DiscordSimulator) -> Iterator[Sockets]:
    with ExitStack() as stack:
        yield Sockets(simulator, stack)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def running(simulator: DiscordSimulator, client: Client, ana: Person, general: Channel) -> Iterator[Running]:
    """The client, logged in and ready."""
    with Running(client, simulator) as running:
        client.next("ready")
        yield running
