"""The audience of a reply, from the groups of everyone who can read it. Pure functions."""

from collections.abc import Iterable

from core.messages import Audience

MOST = 32
"""Kinds of people that one search tells apart; each is a condition of its own inside the store's query."""


def audience(given: Iterable[str], people: Iterable[Iterable[str]]) -> Audience:
    """The audience of people, so that what they may all read can be found, and nothing else.

    Who belongs to every group of somebody else needs no mention: what that other one may read, they may too.
    Beyond MOST kinds, the last ones are taken together by the groups that they share: then less may be
    found, and never more.

    Args:
        given: groups that everyone who can read the reply belongs to anyway.
        people: the other groups of each of them; somebody of whom nothing is known has none.
    """
    base = tuple(dict.fromkeys(given))
    kinds = {frozenset(groups).difference(base) for groups in people}
    if not kinds:
        return Audience(groups=base)
    least = sorted(_least(kinds), key=sorted)
    if len(least) > MOST:
        together = frozenset.intersection(*least[MOST - 1 :])
        least = sorted(_least({*least[: MOST - 1], together}), key=sorted)
    common = frozenset.intersection(*least)
    own = [kind - common for kind in least]
    groups = (*base, *sorted(common))
    return Audience(groups=groups, people=tuple(tuple(sorted(kind)) for kind in own) if all(own) else ())


def _least(kinds: set[frozenset[str]]) -> list[frozenset[str]]:
    """The kinds that contain no other one."""
    return [kind for kind in kinds if not any(other < kind for other in kinds)]
