"""The wired parts that the pipeline works with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.completions import Models
from core.messages import Address, Exchange, Proposal
from core.tools import Tool
from retrieval.search import Search
from workers.answering.budget import AnsweringSettings
from workers.answering.reranking import Reranking
from workers.guardrails._guard import Guard


class Recollection(Protocol):
    """Where earlier turns are kept."""

    def recent(self, address: Address, *, before: str, limit: int = 20) -> Sequence[Exchange]:
        """The last exchanges of an address's thread before one turn, oldest first."""
        ...


class Proposals(Protocol):
    """Where calls wait for the asker's "yes"."""

    def open(self, address: Address, asker: str, *, before: str) -> tuple[str, Proposal] | None:
        """The turn and the call that the asker's last turn in a thread proposed; None where there is none.

        One that was taken or has expired is none.
        """
        ...

    def take(self, turn_id: str, *, by: str) -> bool:
        """Take a turn's proposal for another turn; False when it was taken before."""
        ...


@dataclass(frozen=True, slots=True)
class Process:
    """What a process that answers has been wired with.

    Without `proposals` nobody can say yes to a tool that changes something, so none is offered.
    """

    search: Search
    models: Models
    conversations: Recollection
    settings: AnsweringSettings
    reranking: Reranking = field(default_factory=Reranking)
    tools: Sequence[Tool] = ()
    proposals: Proposals | None = None
    guard: Guard = field(default_factory=Guard)

    @property
    def callable_tools(self) -> Sequence[Tool]:
        """The tools that a model may be offered."""
        tools = self.tools if self.settings.tool_steps else ()
        return [tool for tool in tools if self.proposals or not tool.writes]
