"""Tools: functions that a model may call. Each module or package here is one, or one way to many."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.messages import EVERYONE
from core.tools import Tool
from retrieval.search import Search
from workers.rates.service import LiveRates


@dataclass(frozen=True, slots=True)
class Parts:
    """What tools are made with.

    Attributes:
        search: the documents.
        rates: the live-rate service.
    """

    search: Search
    rates: LiveRates


class Supply(Protocol):
    """Where tools come from: this process, or a server.

    Attributes:
        name: for people who read the log.
        readers: groups of which an audience needs one for these tools to run.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    @property
    def readers(self) -> tuple[str, ...]: ...  # noqa: D102

    def open(self) -> Sequence[Tool]:
        """The tools that there are; called again until it succeeds.

        Raises:
            Unavailable: the server does not answer just now.
            Misconfigured: it answers, but not as the settings want it.
        """
        ...

    def close(self) -> None:
        """Let go of everything. Called once, whatever `open` did."""
        ...


@dataclass(frozen=True, slots=True)
class Own:
    """A tool of this process.

    Attributes:
        tool: the tool.
        readers: groups of which an audience needs one.
        release: what lets go of what the tool holds.
    """

    tool: Tool
    readers: tuple[str, ...] = (EVERYONE,)
    release: Callable[[], None] = lambda: None

    @property
    def name(self) -> str:
        """The tool's own name."""
        return self.tool.spec.name

    def open(self) -> Sequence[Tool]:
        """The tool."""
        return (self.tool,)

    def close(self) -> None:
        """Let go of what the tool holds."""
        self.release()


class Member(Protocol):
    """A module of this package."""

    def supplies(self, parts: Parts) -> Sequence[Supply]:
        """Where its tools come from; none where the settings do not want it.

        Raises:
            Misconfigured: naming the setting at fault.
        """
        ...
