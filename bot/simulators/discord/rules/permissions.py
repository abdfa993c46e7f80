"""Discord's permission bits, and what a member may do in a channel."""

from collections.abc import Iterable, Mapping
from typing import Protocol

ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
MANAGE_ROLES = 1 << 28
USE_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
PUBLIC_THREADS = 1 << 35
PRIVATE_THREADS = 1 << 36
SEND_IN_THREADS = 1 << 38

ALL = (1 << 53) - 1

BOT = (
    ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_HISTORY
    | PUBLIC_THREADS
    | SEND_IN_THREADS
)
"""What an assistant's invite asks for."""

EVERYONE = BOT | PRIVATE_THREADS | USE_COMMANDS | MENTION_EVERYONE
"""What everybody may do in a new guild."""


class Overwrite(Protocol):
    """An exception for one role or member in one channel."""

    @property
    def allow(self) -> int:
        """What it gives."""
        ...

    @property
    def deny(self) -> int:
        """What it takes."""
        ...


def compute(
    base: Iterable[int],
    overwrites: Mapping[str, Overwrite],
    *,
    everyone: str,
    roles: Iterable[str],
    member: str,
) -> int:
    """What a member may do in a channel, in Discord's documented order.

    Args:
        base: the permissions of their roles, that of everybody among them.
        overwrites: the channel's exceptions, by the id of a role or member.
        everyone: the id of the role that everybody has.
        roles: the ids of their other roles.
        member: their own id.
    """
    allowed = 0
    for bits in base:
        allowed |= bits
    if allowed & ADMINISTRATOR:
        return ALL
    if exception := overwrites.get(everyone):
        allowed = allowed & ~exception.deny | exception.allow
    given = taken = 0
    for role in roles:
        if exception := overwrites.get(role):
            given |= exception.allow
            taken |= exception.deny
    allowed = allowed & ~taken | given
    if exception := overwrites.get(member):
        allowed = allowed & ~exception.deny | exception.allow
    # Who cannot see a channel can do nothing in it.
    return allowed if allowed & VIEW_CHANNEL else 0
