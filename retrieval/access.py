"""Who may read what: everyone in an audience needs at least one group among a document's readers."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from core.documents import Chunk
from core.messages import Audience
from retrieval.points import Condition

Rights: TypeAlias = Audience | Sequence[str]
"""Those who see what is found: an audience, or the groups to which each of them belongs."""


def may_read(readers: Iterable[str], rights: Rights) -> bool:
    """Whether all of them may read what is for these readers. No readers, or no groups: nobody may."""
    return _audience(rights).may_read(readers)


def allowed(chunk: Chunk, rights: Rights) -> bool:
    """Whether all of them may see a chunk; checked again before it enters a prompt."""
    return may_read(chunk.readers, rights)


def readable_by(rights: Rights) -> tuple[Condition, ...]:
    """The same rule as conditions inside the store's own query, one for each kind of person.

    Together they are exact: a document matches where each kind of person has a group among its readers,
    though it need not be the same one. No groups: it matches nothing.
    """
    return tuple(Condition("readers", groups) for groups in _audience(rights).each)


def _audience(rights: Rights) -> Audience:
    return rights if isinstance(rights, Audience) else Audience(groups=tuple(rights))
