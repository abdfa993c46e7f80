"""All tools of a process, those of servers that are down among them as soon as they are up."""

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self, overload

from core import log, plugins
from core.deadline import Deadline
from core.errors import CandorError, Unavailable
from core.tools import Tool
from workers import tools
from workers.bounded import Bounded, ToolSettings
from workers.tools import Member, Parts, Supply

_log = log.get(__name__)

_FIRST_SECONDS = 5.0
"""Servers that have not answered after so long at the start are looked for in the background."""

_AGAIN_SECONDS = 30.0


class Toolbox(Sequence[Tool]):
    """The tools that there are just now. Each is bounded. Supplies are opened when the block begins.

    Args:
        supplies: where tools come from.
        settings: the bounds.
        again: seconds between two attempts at a supply that was not there.
    """

    def __init__(
        self, supplies: Sequence[Supply], settings: ToolSettings, *, again: float = _AGAIN_SECONDS
    ) -> None:
        self._supplies = supplies
        self._settings = settings
        self._again = again
        self._opened: dict[int, list[Bounded]] = {}
        self._tools: tuple[Tool, ...] = ()
        self._lock = threading.Lock()
        self._closing = threading.Event()

    def __enter__(self) -> Self:
        tried = []
        for number in range(len(self._supplies)):
            tried.append(threading.Event())
            name = f"toolbox-{self._supplies[number].name}"
            threading.Thread(
                target=self._keep_opening, args=(number, tried[-1]), name=name, daemon=True
            ).start()
        first = Deadline(_FIRST_SECONDS)
        for event in tried:
            event.wait(first.remaining())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        for supply in self._supplies:
            supply.close()

    def __len__(self) -> int:
        return len(self._tools)

    @overload
    def __getitem__(self, index: int) -> Tool: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Tool]: ...

    def __getitem__(self, index: int | slice) -> Tool | Sequence[Tool]:
        return self._tools[index]

    def _keep_opening(self, number: int, tried: threading.Event) -> None:
        while not self._open(number):
            tried.set()
            if self._closing.wait(self._again):
                return
        tried.set()

    def _open(self, number: int) -> bool:
        """Have the tools of a supply, once and for all; False where another attempt may be worth it."""
        supply = self._supplies[number]
        try:
            found = [Bounded(tool, self._settings, supply.readers) for tool in supply.open()]
        except Unavailable as error:
            _log.warning("tools are not there yet", supply=supply.name, error=str(error))
            return False
        except CandorError as error:
            _log.error("tools cannot be had", supply=supply.name, error=str(error))
            found = []
        except Exception as error:  # noqa: BLE001 - whatever a server makes of its answer, the rest goes on
            _log.error("tools cannot be had", supply=supply.name, error=repr(error))
            found = []
        with self._lock:
            self._opened[number] = found
            # In the order of the supplies, whichever was first; a name that is taken is not given twice.
            named: dict[str, Tool] = {}
            for opened in sorted(self._opened):
                for tool in self._opened[opened]:
                    named.setdefault(tool.spec.name, tool)
            self._tools = tuple(named.values())
        return True


def find_supplies(parts: Parts) -> list[Supply]:
    """The supplies of every member of `workers.tools` that the settings want.

    Raises:
        Misconfigured: naming the setting at fault.
    """
    found: list[Supply] = []
    for name in plugins.members(tools.__name__):
        member: Member = plugins.load(tools.__name__, name, setting="workers.tools")
        found.extend(member.supplies(parts))
    return found
