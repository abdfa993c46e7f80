"""What Slack reads inside a message's text: who it pings and which links it carries."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_ENTITY = re.compile(r"<([@#!][^<>]+|(?:https?|mailto):[^<>\s]+)>")
_BARE_URL = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]")
_MENTION = re.compile(r"<(@[UWB][A-Z0-9]+|!(?:channel|here|everyone|subteam\^S[A-Z0-9]+))(?:\|[^<>]*)?>")
_BARE_MENTION = re.compile(r"(?<![\w@<])@(channel|here|everyone)\b")
_MARKDOWN_LINK = re.compile(r"\]\((https?://[^\s)]+)")
_AT_NAME = re.compile(r"(?<![\w@<])@([\w.-]*\w)")
_PARSED = frozenset({"mrkdwn", "markdown"})


def typed(text: str, names: Mapping[str, str]) -> str:
    """The wire form of what a person types: escaped, links and `@name` made entities.

    Args:
        text: as typed; an entity that is written out, such as `<@U123>`, stays one.
        names: user ids by name in lower case.
    """
    parts = _ENTITY.split(text)
    return "".join(f"<{part}>" if n % 2 else _plain(part, names) for n, part in enumerate(parts))


def _plain(text: str, names: Mapping[str, str]) -> str:
    def mention(found: re.Match[str]) -> str:
        user = names.get(found[1].lower())
        return f"<@{user}>" if user else found[0]

    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _AT_NAME.sub(mention, _BARE_URL.sub(lambda found: f"<{found[0]}>", escaped))


def rich_text(text: str, block_id: str) -> dict[str, Any]:
    """The block that Slack's own client makes of what a person types."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def pings(texts: Iterator[str], *, names_are_linked: bool = False) -> frozenset[str]:
    """Whom parsed texts notify: `!channel`, `!here`, `!everyone`, `!subteam^S…`, `@U…`.

    An entity pings wherever it stands, between backticks too: a simulator errs on the side that finds faults.
    `names_are_linked` is Slack's `link_names` and `parse=full`, which make a bare `@channel` a ping.
    """
    found: set[str] = set()
    for text in texts:
        found.update(match[1] for match in _MENTION.finditer(text))
        if names_are_linked:
            found.update(f"!{match[1]}" for match in _BARE_MENTION.finditer(text))
    return frozenset(found)


def links(texts: Iterator[str]) -> tuple[str, ...]:
    """The URLs that texts carry, each once, in their order."""
    found: dict[str, None] = {}
    for text in texts:
        for match in _ENTITY.finditer(text):
            if match[1].startswith("http"):
                found.setdefault(match[1].split("|")[0])
        for match in _MARKDOWN_LINK.finditer(text):
            found.setdefault(match[1])
        for match in _BARE_URL.finditer(_MARKDOWN_LINK.sub("", _ENTITY.sub("", text))):
            found.setdefault(match[0])
    return tuple(found)


def parsed_texts(blocks: Any) -> Iterator[str]:
    """Every text in blocks that Slack parses for entities; plain text is left as it is."""
    yield from _texts(blocks, lambda node: node.get("type") in _PARSED)


def shown_texts(blocks: Any) -> Iterator[str]:
    """Every text in blocks that a person can read."""
    yield from _texts(blocks, lambda _node: True)


def _texts(node: Any, wanted: Callable[[Mapping[str, Any]], bool]) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _texts(part, wanted)
    elif isinstance(node, dict):
        if entity := _ENTITIES.get(str(node.get("type"))):
            yield entity(node)
        elif isinstance(node.get("text"), str) and wanted(node):
            yield node["text"]
        for part in node.values():
            if isinstance(part, list | dict):
                yield from _texts(part, wanted)


_ENTITIES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "user": lambda node: f"<@{node.get('user_id')}>",
    "usergroup": lambda node: f"<!subteam^{node.get('usergroup_id')}>",
    "broadcast": lambda node: f"<!{node.get('range')}>",
    "link": lambda node: f"<{node.get('url')}|{node.get('text', '')}>",
}
"""What the elements of rich text come to, by their type."""
