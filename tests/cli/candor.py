"""The real command in processes of its own, with a data folder and an environment that belong to one test."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, TypeVar

from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.turns import Turn, Turns

COMMAND = str(Path(sys.executable).parent / "candor")
PATIENCE_SECONDS = 60

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Candor:
    """The command with one data folder.

    Attributes:
        home: `CANDOR_HOME`.
        folder: the working directory; it holds no `.env`.
        settings: the environment, beyond what every process has.
    """

    home: Path
    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def set(self, **settings: str) -> "Candor":
        """The same with further settings, named without their prefix."""
        added = {f"CANDOR_{name.upper()}": value for name, value in settings.items()}
        return Candor(self.home, self.folder, self.settings | added)

    def run(self, *arguments: str, typed: str = "") -> Ended:
        """Run a command to its end, whatever that is; `typed` is its standard input."""
        done = subprocess.run(
            [COMMAND, *arguments],
            input=typed,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            cwd=self.folder,
            env=self._environment,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    def done(self, *arguments: str, typed: str = "") -> str:
        """What a command prints that succeeds and has nothing to complain about."""
        ended = self.run(*arguments, typed=typed)
        assert (ended.code, ended.err) == (0, ""), ended
        return ended.out

    def object(self, *arguments: str) -> Any:
        """The JSON that a command prints that succeeds."""
        return json.loads(self.done(*arguments, "--json"))

    def refused(self, *arguments: str) -> str:
        """The one line of a command that fails as foreseen."""
        ended = self.run(*arguments)
        assert ended.code == 1, ended
        assert ended.err.startswith("candor: "), ended
        assert ended.err.count("\n") == 1, ended
        return ended.err

    def turns(self) -> list[Turn]:
        """The turns of its ledger, newest first."""
        database = LedgerSettings(database_url=self.settings.get("CANDOR_DATABASE_URL", ""))
        engine = open_ledger(database, HomeSettings(home=self.home))
        found = Turns(engine).recent(100)
        engine.dispose()
        return found

    @contextmanager
    def running(self, *arguments: str, err: Path | None = None) -> Iterator[subprocess.Popen[str]]:
        """Have a command run beside the test, its output in pipes; it is killed at the end if need be.

        `err` is a file for its standard error, for a command that is left alone with it for long.
        """
        with (
            (err or self.folder / "err").open("a") as complaints,
            subprocess.Popen(
                [COMMAND, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=complaints if err else subprocess.PIPE,
                text=True,
                cwd=self.folder,
                env=self._environment,
            ) as process,
        ):
            try:
                yield process
            finally:
                process.kill()

    @contextmanager
    def worker(self) -> Iterator[subprocess.Popen[str]]:
        """Have a worker run; it need not be ready yet."""
        with self.running("worker", err=self.folder / "worker.log") as process:
            yield process

    @property
    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
            "CANDOR_HOME": str(self.home),
        } | self.settings


def read_until(stream: IO[str] | None, words: str) -> str:
    """Read a stream up to and with some words."""
    assert stream
    text = ""
    while not text.endswith(words):
        letter = stream.read(1)
        assert letter, f"it ended before it said {words!r}: {text}"
        text += letter
    return text


def stop(process: subprocess.Popen[str], *, within: float = 10) -> int:
    """Send SIGTERM and return the exit code."""
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=within)


def eventually(look: Callable[[], _Found | None], *, within: float = 40) -> _Found:
    """What a look finds at last, looked for again and again."""
    deadline = time.monotonic() + within
    while True:
        found = look()
        if found:
            return found
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.05)
