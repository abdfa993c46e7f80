"""Who may read what: a document is shown when at least one of its readers is among the audience's groups."""

from collections.abc import Iterable, Sequence

from core.documents import Chunk
from retrieval.points import Condition


def may_read(readers: Iterable[str], groups: Sequence[str]) -> bool:
    """Whether somebody who belongs to all of `groups` is a reader. No readers, or no groups: nobody is."""
    return not set(readers).isdisjoint(groups)


def allowed(chunk: Chunk, groups: Sequence[str]) -> bool:
    """Whether an audience of these groups may see a chunk; checked again before it enters a prompt."""
    return may_read(chunk.readers, groups)


def readable_by(groups: Sequence[str]) -> Condition:
    """The same rule as a condition inside the store's own query. No groups: it matches nothing."""
    return Condition("readers", tuple(groups))
