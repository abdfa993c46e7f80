"""Which events a gateway session asked to hear."""

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
GUILD_MESSAGE_REACTIONS = 1 << 10
GUILD_MESSAGE_TYPING = 1 << 11
DIRECT_MESSAGES = 1 << 12
DIRECT_MESSAGE_REACTIONS = 1 << 13
DIRECT_MESSAGE_TYPING = 1 << 14
MESSAGE_CONTENT = 1 << 15

PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
ALL = (1 << 17) - 1 | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25
"""Every bit that has a meaning; another is closed by 4013."""


def messages(guild: str) -> int:
    """The intent that hears of messages in a guild, or in direct ones where `guild` is empty."""
    return GUILD_MESSAGES if guild else DIRECT_MESSAGES


def reactions(guild: str) -> int:
    """The intent that hears of reactions in a guild, or in direct messages."""
    return GUILD_MESSAGE_REACTIONS if guild else DIRECT_MESSAGE_REACTIONS


def typing(guild: str) -> int:
    """The intent that hears who types in a guild, or in direct messages."""
    return GUILD_MESSAGE_TYPING if guild else DIRECT_MESSAGE_TYPING
