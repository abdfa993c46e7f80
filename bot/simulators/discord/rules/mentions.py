"""What Discord reads inside a message's text: whom it pings and which links it shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(everyone|here)\b")
_AT_NAME = re.compile(r"(?<![\w<@&!])@([\w.-]*\w)")
_SILENT_LINK = re.compile(r"<https?://[^\s>]+>")
_LINK = re.compile(r"https?://[^\s<>)\]]+")

BY_DEFAULT = frozenset({"users", "roles", "everyone"})
"""What a message without `allowed_mentions` may ping."""
BY_WEBHOOK = frozenset({"users"})
"""What an answer to an interaction without `allowed_mentions` may ping."""


@dataclass(frozen=True, slots=True)
class Pings:
    """Whom a message notifies: ids of users and roles, and whether it is everybody."""

    users: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


def typed(text: str, users: Mapping[str, str], roles: Mapping[str, str]) -> str:
    """The wire form of what a person types: `@name` becomes a mention where there is such a user or role.

    Args:
        text: as typed; a mention that is written out, such as `<@123>`, stays one.
        users: ids by name in lower case.
        roles: ids by name in lower case.
    """

    def mention(found: re.Match[str]) -> str:
        name = found[1].lower()
        if name in users:
            return f"<@{users[name]}>"
        return f"<@&{roles[name]}>" if name in roles else found[0]

    return _AT_NAME.sub(mention, text)


def pings(
    text: str, allowed: Mapping[str, Any] | None, default: frozenset[str], *, answered: str = ""
) -> Pings:
    """Whom a text notifies.

    A mention pings wherever it stands, between backticks too: a simulator errs on the side that finds faults.

    Args:
        text: the message's content.
        allowed: its `allowed_mentions`; None where it has none.
        default: the kinds that may be pinged then.
        answered: the author of the message that it replies to, who is pinged unless it says otherwise.
    """
    users = frozenset(_USER.findall(text))
    roles = frozenset(_ROLE.findall(text))
    everyone = bool(_EVERYONE.search(text))
    if allowed is None:
        users = users if "users" in default else frozenset()
        reply = frozenset({answered} - {""})
        return Pings(
            users | reply, roles if "roles" in default else frozenset(), everyone and "everyone" in default
        )
    parse = allowed.get("parse") or []
    reply = frozenset({answered} - {""}) if allowed.get("replied_user") else frozenset()
    return Pings(
        (users if "users" in parse else users & frozenset(map(str, allowed.get("users") or []))) | reply,
        roles if "roles" in parse else roles & frozenset(map(str, allowed.get("roles") or [])),
        everyone and "everyone" in parse,
    )


def links(text: str) -> tuple[str, ...]:
    """The links of a text that Discord shows previews of, each once: not those between `<` and `>`."""
    return tuple(dict.fromkeys(_LINK.findall(_SILENT_LINK.sub("", text))))
