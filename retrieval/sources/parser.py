"""The parser: a process of its own that reads what is not plain text, within a limit of time and memory."""

import json
import struct
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Self

from pydantic import Field

from core import plugins
from core.settings import Settings
from retrieval import loaders
from retrieval.loaders import PLAIN, Content, Loader, Skipped, UnreadableError
from retrieval.sources import parser_process

_MEGABYTE = 1024 * 1024


class ParserSettings(Settings):
    """How much one file may cost."""

    parse_seconds: float = Field(default=30.0, gt=0, description="Seconds that reading one file may take.")
    parse_memory_mb: int = Field(
        default=1024, ge=256, description="Megabytes of memory that reading one file may take."
    )


class _Died(Exception):
    """The process ended before it had answered."""


@dataclass(slots=True)
class Parser:
    """Reads files with the members of `retrieval.loaders`. For one thread at a time.

    Plain text and Markdown are read here; all else in one child process, which sees the bytes of one file
    after the other and nothing of the environment. It starts with the first such file, and again after a file
    has killed it or used up its time.
    """

    settings: ParserSettings
    _process: subprocess.Popen[bytes] | None = None
    _used: bool = field(default=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def parse(self, member: str, data: bytes) -> Sequence[Content | Skipped]:
        """What a file holds.

        Raises:
            UnreadableError: with the reason.
        """
        if member in PLAIN:
            loader: Loader = plugins.load(loaders.__name__, member, setting=member)
            return loader.load(data)
        try:
            return self._ask(member, data)
        except _Died:
            again = self._used  # then what it had read before may have filled the memory
            self._stop()
        if again:
            try:
                return self._ask(member, data)
            except _Died:
                self._stop()
        raise UnreadableError(
            f"reading it needs more than {self.settings.parse_memory_mb} MB of memory, or it is broken"
        )

    def _ask(self, member: str, data: bytes) -> Sequence[Content | Skipped]:
        process = self._process or self._start()  # which may take a while that no file is to blame for
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.settings.parse_seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            name = member.encode()
            process.stdin.write(struct.pack(parser_process.REQUEST, len(name), len(data)) + name)
            process.stdin.write(data)
            process.stdin.flush()
            answer = _answer(process.stdout)
        except (OSError, _Died):
            if late.is_set():
                self._stop()
                seconds = self.settings.parse_seconds
                raise UnreadableError(f"reading it takes longer than {seconds:g} s", keep=True) from None
            raise _Died from None
        finally:
            timer.cancel()
        self._used = True
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        memory = str(self.settings.parse_memory_mb * _MEGABYTE)
        seconds = str(int(self.settings.parse_seconds) + 1)
        self._process = subprocess.Popen(  # noqa: S603 - our own module, nothing of a user's
            [sys.executable, "-B", "-P", "-m", parser_process.__name__, memory, seconds],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": ":".join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,  # a Ctrl-C at the terminal is the parent's to handle
        )
        self._used = False
        assert self._process.stdout is not None
        if not self._process.stdout.read(len(parser_process.READY)):
            raise _Died
        return self._process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _answer(stream: IO[bytes]) -> Sequence[Content | Skipped]:
    header = stream.read(struct.calcsize(parser_process.ANSWER))
    if len(header) < struct.calcsize(parser_process.ANSWER):
        raise _Died
    (length,) = struct.unpack(parser_process.ANSWER, header)
    body = stream.read(length)
    if len(body) < length:
        raise _Died
    answer = json.loads(body)
    if "reason" in answer:
        raise UnreadableError(answer["reason"], keep=answer["keep"])
    return [_item(item) for item in answer["items"]]


def _item(item: dict[str, object]) -> Content | Skipped:
    kind = item.pop("kind")
    if kind == Skipped.__name__:
        return Skipped(**item)  # type: ignore[arg-type]
    readers = item.pop("readers")
    return Content(**item, readers=None if readers is None else tuple(readers))  # type: ignore[arg-type]
