"""The last filter on every payload that leaves for a platform: pure functions, no way round them."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from bot.links import Allowed, allowed, defuse
from core.messages import Answer
from core.secrets import mask

Payload: TypeAlias = Mapping[str, "Json"]
Json: TypeAlias = "str | int | float | bool | list[Json] | Mapping[str, Json] | None"

# Characters that change what a person sees without being seen: terminal escapes and other controls, Unicode
# tags (U+E0000 to U+E007F), and marks that turn the direction of text. The zero-width joiner and non-joiner
# stay: emoji, Persian and the Indic scripts are written with them.
_KEPT = {"\n", "\t", "\u200c", "\u200d"}
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}


def visible(text: str) -> str:
    """The text without hidden or controlling characters."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(char for char in text if char in _KEPT or unicodedata.category(char) not in _INVISIBLE)


def clean(payload: Payload) -> Payload:
    """The payload with every string in it made safe to show."""
    return {key: _clean(value) for key, value in payload.items()}


def _clean(value: Json) -> Json:
    match value:
        case str():
            return visible(value)
        case list():
            return [_clean(item) for item in value]
        case Mapping():
            return clean(value)
        case _:
            return value


def piece(text: str, hosts: Sequence[str]) -> str:
    """A piece of an answer that is shown while it is written: of its sources nothing is known yet."""
    return defuse(visible(text), Allowed(hosts=tuple(hosts)))


def answer(said: Answer, hosts: Sequence[str]) -> Answer:
    """An answer in which links lead to its sources and to allowed hosts only, on whatever route it is shown.

    Args:
        said: the answer as the pipeline made it.
        hosts: those that the policy allows.
    """
    leads = allowed(_sources(said), hosts)

    def safe(text: str) -> str:
        return defuse(visible(mask(text)), leads)

    citations = tuple(
        each.model_copy(
            update={"title": safe(each.title), "heading": safe(each.heading), "quote": safe(each.quote)}
        )
        for each in said.citations
    )
    further = tuple(safe(each) for each in said.follow_ups)
    return said.model_copy(update={"text": safe(said.text), "citations": citations, "follow_ups": further})


def _sources(said: Answer) -> Iterator[str]:
    """Where an answer's sources are: those that it cites, and those of the live values in it."""
    yield from (each.source for each in said.citations)
    for use in said.tools:
        facts = json.loads(use.result).get("facts", [])
        yield from (fact["url"] for fact in facts if fact.get("url"))


NO_PREVIEWS: Payload = {"unfurl_links": False, "unfurl_media": False}
"""What keeps Slack from fetching the links of a message that is posted."""

# Slack's `text` fallback: what is longer than 4,000 bytes is refused when a message is updated.
_FALLBACK_BYTES = 3900

# `[label](target)`, `![label](target)` with or without a title; then what is left of inline links, of
# reference links' definitions, and of Slack's own `<…>` entities and CommonMark's autolinks.
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\(\s{0,3}<?([^\s()<>]{1,2000})>?(?:\s[^()\n]{0,200})?\)")
_INLINE = re.compile(r"\](?=\()")
_DEFINITION = re.compile(r"^([ \t>]{0,20}\[[^\]\n]{1,200}\]):", re.MULTILINE)
_ENTITY = re.compile(r"<(?=[@!#]|[a-zA-Z][a-zA-Z0-9+.-]*:)")


def slack_markdown(text: str) -> str:
    """Markdown for Slack in which nothing pings and each link shows where it leads."""
    honest = _LINK.sub(_shown, text)
    honest = _DEFINITION.sub(r"\1 :", _INLINE.sub("] ", honest))
    return _ENTITY.sub("&lt;", honest)


def _shown(match: re.Match[str]) -> str:
    label, target = match[1].strip(), match[2]
    return target if label in ("", target) else f"{label} ({target})"


def slack_text(text: str) -> str:
    """Text for Slack's own mark-up, in which nothing is a mention or a link, cut to what Slack takes."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if len(escaped.encode()) <= _FALLBACK_BYTES:
        return escaped
    cut = escaped.encode()[:_FALLBACK_BYTES].decode(errors="ignore")
    return re.sub(r"&[a-z]{0,3}$", "", cut) + "…"


def slack(payload: Payload) -> Payload:
    """A call's arguments for Slack with every text in them made safe, whatever route they take."""
    return {key: _slack(key, value) for key, value in clean(payload).items()}


def _slack(key: str, value: Json) -> Json:
    match value:
        case str() if key == "text":
            return slack_text(value)
        case str() if key == "markdown_text":
            return slack_markdown(value)
        case list():
            return [_slack("", item) for item in value]
        case Mapping():
            return _slack_object(value)
        case _:
            return value


def _slack_object(value: Payload) -> Payload:
    match value:
        case {"type": "markdown" | "markdown_text", "text": str(text)}:
            return {**value, "text": slack_markdown(text)}
        case {"type": "plain_text" | "text" | "link"}:
            return value  # Slack shows these as they are
        case _:
            return {name: _slack(name, part) for name, part in value.items()}


# Discord's flag SUPPRESS_EMBEDS.
_SUPPRESS_EMBEDS = 1 << 2

NOBODY: Payload = {"parse": []}
"""Whom a message on Discord may ping, whatever its text says."""

# `<@…>`, `<@&…>`, `<#…>`, `</…>`, `<id:…>`, `<t:…>` and emoji; then the words that stand for everybody.
_DISCORD_ENTITY = re.compile(r"(?<!\\)<(?=[@#/:]|(?:id|t|a|sound):)")
_EVERYBODY = re.compile(r"@(?=everyone\b|here\b)", re.IGNORECASE)
_MASKED = re.compile(r"\](?=\()")
# Code as Discord sees it, or less: a fence that is not closed is none, nor is a mark behind a backslash.
_CODE = re.compile(r"((?<!\\)```.*?```|(?<!\\)`[^`\n]*`)", re.DOTALL)


def discord_text(text: str) -> str:
    """Markdown for Discord in which nothing pings and each link shows where it leads; code stays."""
    parts = _CODE.split(text)
    return "".join(part if n % 2 else _discord_prose(part) for n, part in enumerate(parts))


def _discord_prose(text: str) -> str:
    honest = _DEFINITION.sub(r"\1 :", _MASKED.sub("] ", _LINK.sub(_shown, text)))
    return _EVERYBODY.sub("\uff20", _DISCORD_ENTITY.sub(r"\<", honest))


def discord(message: Payload) -> Payload:
    """A message for Discord that pings nobody, previews no link, and in which every text is made safe."""
    safe = {key: _discord(key, value) for key, value in clean(message).items()}
    flags = safe.get("flags")
    safe["flags"] = (flags if isinstance(flags, int) else 0) | _SUPPRESS_EMBEDS
    safe["allowed_mentions"] = NOBODY
    return safe


def discord_answer(response: Payload) -> Payload:
    """The first answer to an interaction of Discord's; a message in it is filtered as any other."""
    data = response.get("data")
    if isinstance(data, Mapping) and "content" in data:
        response = {**response, "data": discord(data)}
    return clean(response)


def _discord(key: str, value: Json) -> Json:
    match value:
        case str() if key in ("content", "description", "value", "title", "name", "text"):
            return discord_text(value)
        case list():
            return [_discord("", item) for item in value]
        case Mapping():
            return {name: _discord(name, part) for name, part in value.items()}
        case _:
            return value
