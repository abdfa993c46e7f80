"""Words of Discord's messages, as people read them."""

import datetime as dt
import re
from collections.abc import Mapping

_MENTION = re.compile(r"<@!?(\d+)>")
_CHANNEL = re.compile(r"<#(\d+)>")
_OTHER = re.compile(r"<(?:#|@&|a?:)([^<>]*)>")

_MARKS = re.compile(r"([\\*_~`|>\[\]()#<-])")

_EPOCH = 1_420_070_400_000
"""The first millisecond of 2015, from which Discord's ids count
(https://docs.discord.com/developers/reference#snowflakes)."""


def plain(text: str, names: Mapping[str, str], bot: str = "", *, channels: bool = False) -> str:
    """A message's words, with people's names for their ids, and without a bot's own.

    Args:
        text: as Discord has it.
        names: by id, of those whom it mentions.
        bot: the id of the one that is not named.
        channels: whether channels stay, as `#` and their id.
    """

    def name(match: re.Match[str]) -> str:
        return "" if match[1] == bot else f"@{names.get(match[1], 'somebody')}"

    named = _MENTION.sub(name, text)
    return _OTHER.sub("", _CHANNEL.sub(r"#\1", named) if channels else named).strip()


def quoted(text: str, most: int) -> str:
    """Somebody's words, cut to so many characters, on one line that shows them as they are."""
    line = " ".join(text.split())
    return _MARKS.sub(r"\\\1", line if len(line) <= most else f"{line[: most - 1].rstrip()}…")


def moment(snowflake: str) -> dt.datetime:
    """When something with an id was made."""
    return dt.datetime.fromtimestamp(((int(snowflake) >> 22) + _EPOCH) / 1000, dt.UTC)


def snowflake(at: dt.datetime) -> int:
    """The least id of what was made at a moment, or later."""
    return max(int(at.timestamp() * 1000) - _EPOCH, 0) << 22
