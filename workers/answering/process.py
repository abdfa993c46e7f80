"""The wired parts that the pipeline works with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.completions import Models
from core.documents import Passage
from core.messages import Address, Confirmation, Exchange
from core.tools import Tool
from core.transcripts import Channels
from retrieval.ranking import Ranking
from retrieval.search import Search
from workers.answering.attachments import AttachmentSettings
from workers.answering.budget import AnsweringSettings
from workers.answering.reranking import Reranking
from workers.guardrails._guard import Guard


class Recollection(Protocol):
    """Where earlier turns are kept."""

    def recent(self, address: Address, *, before: str, limit: int = 20) -> Sequence[Exchange]:
        """The last exchanges of an address's thread before one turn, oldest first."""
        ...


class Confirmations(Protocol):
    """Where calls wait for the asker's "yes"."""

    def open(self, address: Address, asker: str, *, before: str) -> tuple[str, Confirmation] | None:
        """The turn and the call that the asker's last turn in a thread proposed; None where there is none.

        One that was taken or has expired is none.
        """
        ...

    def take(self, turn_id: str, *, by: str) -> bool:
        """Take a turn's confirmation for another turn; False when it was taken before."""
        ...


class Further(Protocol):
    """What finds questions to go on with."""

    def beyond(self, asked: str, passages: Sequence[Passage], groups: tuple[str, ...]) -> tuple[str, ...]:
        """Questions out of what was found for one, each of which the documents answer; within a moment."""
        ...


@dataclass(frozen=True, slots=True)
class Process:
    """What a process that answers has been wired with.

    Without `confirmations` nobody can say yes to a tool that changes something, so none is offered.
    `channels` reads what stands on a platform, by the platform's name; `ranking` ranks what is in no store.
    `further` suggests questions, by the platform that shows them.
    """

    search: Search
    models: Models
    conversations: Recollection
    settings: AnsweringSettings
    reranking: Reranking = field(default_factory=Reranking)
    tools: Sequence[Tool] = ()
    confirmations: Confirmations | None = None
    guard: Guard = field(default_factory=Guard)
    channels: Mapping[str, Channels] = field(default_factory=dict)
    attachments: AttachmentSettings = field(default_factory=AttachmentSettings)
    ranking: Ranking = field(default_factory=Ranking)
    further: Mapping[str, Further] = field(default_factory=dict)

    @property
    def callable_tools(self) -> Sequence[Tool]:
        """The tools that a model may be offered."""
        tools = self.tools if self.settings.tool_steps else ()
        return [tool for tool in tools if self.confirmations or not tool.writes]
