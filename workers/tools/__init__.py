"""Tools: functions that a model may call. Each module or package here is one, or one way to many."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from bot.escalation import Desk, Experts
from core.messages import EVERYONE, Address
from core.tools import Tool
from ledger.turns import Turns
from retrieval.search import Search
from workers.rates.service import LiveRates


@dataclass(frozen=True, slots=True)
class Handing:
    """What hands questions to people.

    Attributes:
        desk: where they are handed over.
        turns: the ledger of what was asked.
        experts: who can be asked.
        is_public: for each platform that can hand over, whether everybody there may read a channel.
        elsewhere: whether, on a platform that cannot, there is another one to send the asker to.
    """

    desk: Desk
    turns: Turns
    experts: Experts
    is_public: Mapping[str, Callable[[Address], bool]]
    elsewhere: bool


@dataclass(frozen=True, slots=True)
class Parts:
    """What tools are made with.

    Attributes:
        search: the documents.
        rates: the live-rate service.
        handing: hands questions to people; None in a process that cannot.
    """

    search: Search
    rates: LiveRates
    handing: Handing | None = None


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


@runtime_checkable
class Reached(Protocol):
    """A supply that may have its tools without asking the server that they call."""

    def reach(self) -> None:
        """See that the server answers, whatever it says.

        Raises:
            Unavailable: it does not.
        """
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
