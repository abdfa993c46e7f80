"""The wired parts that the pipeline works with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.completions import Models
from core.documents import Passage
from core.messages import Address, Exchange
from core.transcripts import Channels
from retrieval.ranking import Ranking
from retrieval.search import Search
from workers.answering.attachments import AttachmentSettings
from workers.answering.budget import AnsweringSettings
from workers.answering.reranking import Reranking


class Recollection(Protocol):
    """Where earlier turns are kept."""

    def recent(self, address: Address, *, before: str, limit: int = 20) -> Sequence[Exchange]:
        """The last exchanges of an address's thread before one turn, oldest first."""
        ...


class Further(Protocol):
    """What finds questions to go on with."""

    def beyond(self, asked: str, passages: Sequence[Passage], groups: tuple[str, ...]) -> tuple[str, ...]:
        """Questions out of what was found for one, each of which the documents answer; within a moment."""
        ...


@dataclass(frozen=True, slots=True)
class Process:
    """What a process that answers has been wired with.

    `channels` reads what stands on a platform, by the platform's name; `ranking` ranks what is in no store.
    `further` suggests questions, by the platform that shows them.
    """

    search: Search
    models: Models
    conversations: Recollection
    settings: AnsweringSettings
    reranking: Reranking = field(default_factory=Reranking)
    channels: Mapping[str, Channels] = field(default_factory=dict)
    attachments: AttachmentSettings = field(default_factory=AttachmentSettings)
    ranking: Ranking = field(default_factory=Ranking)
    further: Mapping[str, Further] = field(default_factory=dict)
