"""Several processes of one command: started, watched, started again when one ends by itself."""

import subprocess
import sys
import threading
from collections.abc import Sequence

from core import log

_log = log.get(__name__)

_POLL_SECONDS = 0.2
_PAUSE_SECONDS = 1.0
"""Before one that ended is started again, so that one that cannot start burns no processor."""

# -P: what lies in the working directory is never imported in place of ours.
_COMMAND = (sys.executable, "-P", "-c", "from cli.main import run; run()")


class Processes:
    """Children with the same environment.

    Args:
        lines: for each child its command line behind `candor`.
    """

    def __init__(self, lines: Sequence[Sequence[str]]) -> None:
        self._lines = lines
        self._children = [self._start(line) for line in lines]

    def run(self, stopped: threading.Event) -> int:
        """Keep them running until an event says stop, then have each stop; returns the worst exit code."""
        while not stopped.wait(_POLL_SECONDS):
            for at, child in enumerate(self._children):
                if child.poll() is None:
                    continue
                _log.error("a process ended and is started again", exit_code=child.returncode)
                if stopped.wait(_PAUSE_SECONDS):
                    break
                self._children[at] = self._start(self._lines[at])
        for child in self._children:
            child.terminate()
        return max(abs(child.wait()) for child in self._children)

    @staticmethod
    def _start(line: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*_COMMAND, *line], stdin=subprocess.DEVNULL)  # noqa: S603 - our own command
