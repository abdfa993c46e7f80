"""The live-rate service in this process, with files of eight steady weeks, and as a child of this process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from services.rates.service import make_service
from services.template.serving import serving
from tests.services.files import EUROS, STEADY, WEEKS, fred, pmms
from tests.services.rates.kit import Calendar, settings
from tests.services.upstream import Upstream

TOKEN = "sesame"

COUNTED = """
import sys
from pathlib import Path
started = Path(sys.argv[1])
with started.open("a") as file:
    file.write("started\\n")
sys.argv = ["candor", "rates", "--port", "0", "--attached"]
from cli.main import run
run()
"""
"""Serves rates as the command does, and leaves a line in a file for each start."""


@contextmanager
def service(sources: Upstream, folder: Path) -> Iterator[str]:
    """The service with its timer off; it has synced nothing yet."""
    made = make_service(settings(sources, folder))
    with serving(made, folder, token=TOKEN, clock=Calendar(WEEKS[-1])) as url:
        yield url


@dataclass
class Children:
    """Command lines of children, and how often one was started."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def command(self) -> list[str]:
        """Serves rates of files, in a data folder of its own."""
        sources = {"pmms": pmms(STEADY), "fred": fred(STEADY), "ecb": EUROS}
        for name, body in sources.items():
            (self.folder / name).write_bytes(body)
        urls = [f"CANDOR_RATES_{name.upper()}_URL={(self.folder / name).as_uri()}" for name in sources]
        home = f"CANDOR_HOME={self.folder / 'home'}"
        return ["env", home, *urls, sys.executable, "-P", "-c", COUNTED, str(self._log)]

    @property
    def started(self) -> int:
        return len(self._log.read_text().splitlines()) if self._log.exists() else 0

    @property
    def _log(self) -> Path:
        return self.folder / "started"
