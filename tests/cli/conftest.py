"""A data folder with a small handbook in it, and the servers that the command can be set to use."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.candor import Candor
from tests.servers.databases import PostgresServer
from tests.servers.openai_server import OpenAIServer
from tests.servers.redis_server import RedisServer

HANDBOOK = {
    "expenses.md": (
        "# Expenses\n\n## How do I hand in receipts?\n\n"
        "To hand in receipts, send them to the accounts team before the fifth of the month.\n\n"
        "## Meals\n\nMeals on business trips are refunded up to 40 euros a day.\n"
    ),
    "office/hours.md": (
        "# Opening hours\n\n## When is the front desk open?\n\n"
        "The front desk is open from 8:00 to 17:30 on weekdays.\n\n"
        "## When is the front desk open on weekends?\n\n"
        "On weekends the front desk is open from 10:00 to 14:00.\n"
    ),
    "office/parking.html": (
        "<html><head><title>Parking</title></head><body><main><h1>Parking</h1>"
        "<h2>How do I get a parking pass?</h2>"
        "<p>To get a parking pass, ask the front desk. A parking pass is valid for one day.</p>"
        "<p>Visitors leave their cars in the north yard, where forty places are kept free for them.</p>"
        "</main></body></html>"
    ),
    "travel.txt": "Trains are booked in second class. Flights under 500 kilometres are not refunded.\n",
}


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Candor:
    """A data folder with the embedder's weights and the handbook in its index: look, do not touch."""
    folder = tmp_path_factory.mktemp("candor")
    write_handbook(folder / "handbook")
    candor = Candor(folder / "home", folder)
    candor.done("ingest", str(folder / "handbook"))
    return candor


@pytest.fixture
def candor(furnished: Candor, tmp_path: Path) -> Candor:
    """A copy of that data folder, to do with as the test likes."""
    shutil.copytree(furnished.home, tmp_path / "home", ignore=shutil.ignore_patterns("models"))
    share_weights(furnished, tmp_path / "home")
    return Candor(tmp_path / "home", tmp_path)


@pytest.fixture
def fresh(furnished: Candor, tmp_path: Path) -> Candor:
    """A data folder with nothing ingested; only the weights are there, whose conversion takes its time."""
    share_weights(furnished, tmp_path / "home")
    return Candor(tmp_path / "home", tmp_path)


@pytest.fixture
def handbook(tmp_path: Path) -> Path:
    """A handbook that the test may change."""
    return write_handbook(tmp_path / "handbook")


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    with RedisServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    with PostgresServer(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest.fixture
def model() -> Iterator[OpenAIServer]:
    """A scripted language model."""
    with OpenAIServer() as server:
        yield server


@pytest.fixture
def modelled(candor: Candor, model: OpenAIServer) -> Candor:
    """The command, set to use that model."""
    return candor.set(openai_base_url=model.base_url, model_strong="openai:scripted")


def share_weights(furnished: Candor, home: Path) -> None:
    shutil.copytree(furnished.home / "models", home / "models", copy_function=os.link)


def write_handbook(folder: Path) -> Path:
    for name, text in HANDBOOK.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder
