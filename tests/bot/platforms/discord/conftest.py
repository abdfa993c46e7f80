"""Discord with Candor in it, for one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.platforms.discord.bench import Bench, bench


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Bench]:
    """Over the gateway, answered by threads of this process."""
    with bench(tmp_path) as made:
        yield made


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[Bench]:
    """Over the gateway, with nobody who answers."""
    with bench(tmp_path, working=False) as made:
        yield made
