"""A simulator with one person in one channel, and Slack's own client."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from slack_sdk import WebClient

from bot.simulators.slack import Person, SlackSimulator
from bot.simulators.slack.state.channels import Channel


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
def slack(closer: ThreadPoolExecutor, closing: list[Future[None]]) -> Iterator[SlackSimulator]:
    simulator = SlackSimulator()
    simulator.__enter__()
    yield simulator
    closing.append(closer.submit(simulator.__exit__, None, None, None))


@pytest.fixture
def ana(slack: SlackSimulator) -> Person:
    return slack.person("Ana", admin=True)


@pytest.fixture
def general(slack: SlackSimulator, ana: Person) -> Channel:
    return slack.workspace.channel("general", ana.user)


@pytest.fixture
def client(slack: SlackSimulator) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])
