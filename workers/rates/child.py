"""A service that this process starts for itself, and that ends with it."""

import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from typing import IO

from core import log
from core.deadline import Deadline
from workers.failures import Down

_log = log.get(__name__)

_START_SECONDS = 30.0
_STOP_SECONDS = 2.0
_PAUSE_SECONDS = 10.0
"""For which a service that did not start is not started again."""


class Child:
    """A process that is started when its URL is first asked for, once, however many threads ask at once.

    Its standard input is a pipe that nobody writes in: it ends when this process does, whatever ended that,
    and so the child learns of it.

    Args:
        command: what to run. The last word of its first line is its URL, with a full stop behind it.
        title: what it is called in a sentence.
    """

    def __init__(self, command: Sequence[str], title: str) -> None:
        self._command = command
        self._title = title
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._url = ""
        self._failed_at = -_PAUSE_SECONDS
        self._closed = False

    def url(self, deadline: Deadline) -> str:
        """Where it serves, started now if it does not run.

        Raises:
            Down: it did not start in time, or is being started by another thread for longer than that.
        """
        if not self._lock.acquire(timeout=deadline.remaining()):
            raise Down(f"{self._title} is still starting.")
        try:
            if self._process and self._process.poll() is None:
                return self._url
            if self._closed or time.monotonic() - self._failed_at < _PAUSE_SECONDS:
                raise Down(f"{self._title} does not run.")
            return self._start()
        finally:
            self._lock.release()

    def close(self) -> None:
        """End it, and start it no more."""
        with self._lock:
            self._closed = True
            self._stop()

    def _start(self) -> str:
        self._stop()
        with tempfile.TemporaryFile() as complaints:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own command, nothing of a user's
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                    start_new_session=True,  # a Ctrl-C at the terminal is the parent's to handle
                )
            except OSError as error:
                raise self._fail(str(error)) from None
            timer = threading.Timer(_START_SECONDS, self._process.kill)
            timer.start()
            try:
                assert self._process.stdout
                words = self._process.stdout.readline().decode(errors="replace").split()
            finally:
                timer.cancel()
            if not words:
                self._stop()
                raise self._fail(_last_line(complaints))
        self._url = words[-1].removesuffix(".")
        return self._url

    def _fail(self, why: str) -> Down:
        self._failed_at = time.monotonic()
        _log.warning("a service did not start", service=self._title, error=why)
        return Down(f"{self._title} did not start.")

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.communicate(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _last_line(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
