from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.rates.kit import Kit, kit, put_steady
from tests.services.upstream import Upstream, upstream


@pytest.fixture
def sources() -> Iterator[Upstream]:
    with upstream() as shown:
        yield shown


@pytest.fixture
def rates(sources: Upstream, tmp_path: Path) -> Iterator[Kit]:
    """The service with three steady sources, not synced yet."""
    put_steady(sources)
    with kit(sources, tmp_path) as made:
        yield made
