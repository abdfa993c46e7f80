"""Slack with Candor in it, for one test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.platforms.slack.bench import Bench, bench


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Bench]:
    """Over signed HTTP, answered by threads of this process."""
    with bench(tmp_path) as made:
        yield made


@pytest.fixture
def idle(tmp_path: Path) -> Iterator[Bench]:
    """Over signed HTTP, with nobody who answers."""
    with bench(tmp_path, working=False) as made:
        yield made


@pytest.fixture
def socketed(tmp_path: Path) -> Iterator[Bench]:
    """Over Socket Mode, answered by threads of this process."""
    with bench(tmp_path, http=False) as made:
        yield made
