"""The wired parts that the pipeline works with."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.completions import Models
from core.messages import Address, Exchange
from retrieval.search import Search
from workers.answering.budget import AnsweringSettings
from workers.answering.reranking import Reranking


class Recollection(Protocol):
    """Where earlier turns are kept."""

    def recent(self, address: Address, *, before: str, limit: int = 20) -> Sequence[Exchange]:
        """The last exchanges of an address's thread before one turn, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Process:
    """What a process that answers has been wired with."""

    search: Search
    models: Models
    conversations: Recollection
    settings: AnsweringSettings
    reranking: Reranking = field(default_factory=Reranking)
