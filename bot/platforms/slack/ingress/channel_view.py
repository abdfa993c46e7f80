"""The modal with a channel's settings: built from what is set, and read back."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from bot.home import source_name
from bot.outgoing import Json, Payload
from core.channels import ChannelSettings, Listening, ReplyTo
from core.messages import Manner
from ledger.sources import Source

CHANNEL_SETTINGS = "channel_settings"
"""The modal's id."""

LISTENING, REPLY_TO, SOURCES, PERSONA, TONE, EXPERTS, BOTS = (
    *("listening", "reply_to", "sources", "persona", "tone", "experts", "bots"),
)
"""Ids of the input blocks and of their elements."""

_LISTENING = {
    Listening.FOLLOW: "When mentioned, and in threads that I am in",
    Listening.MENTION: "Only when mentioned",
    Listening.QUESTIONS: "Also every question asked in the channel",
    Listening.OFF: "Never",
}
_REPLY_TO = {
    ReplyTo.THREAD: "In the thread, for everybody",
    ReplyTo.ASKER: "To the person who asked, alone",
}
_MAY_ASK = {"yes": "Other bots may ask me by mentioning me"}

# A channel or a user group, by Slack's own id.
_EXPERTS = re.compile(r"(?:[CGS][A-Z0-9]{2,20})?")
_NOT_AN_ID = "Write the ID of a channel (C…) or of a user group (S…)."

_OPTIONS, _LABEL = 100, 75


def channel_view(channel: str, settings: ChannelSettings, sources: Sequence[Source]) -> Payload:
    """The modal for one channel, which offers these sources."""
    named = {source.id: _label(source.location) for source in sources[:_OPTIONS]}
    manner = settings.manner
    chosen = [source for source in manner.sources if source in named]
    blocks: list[Json] = [
        _about(channel),
        _input(LISTENING, "When do I answer?", _choice(_LISTENING, settings.listening)),
        _input(REPLY_TO, "Where do I answer?", _choice(_REPLY_TO, settings.reply_to)),
    ]
    if named:
        many = _several("multi_static_select", named, chosen)
        blocks.append(
            _input(SOURCES, "What do I answer from?", many, hint="Choose none to use all.", optional=True)
        )
    blocks += [
        _input(PERSONA, "Who am I here?", _text(manner.persona, 300), optional=True),
        _input(TONE, "How do I sound?", _text(manner.tone, 100), optional=True),
        _input(EXPERTS, "Who knows more?", _text(settings.experts, 100), hint=_NOT_AN_ID, optional=True),
        _input(
            BOTS, "Bots", _several("checkboxes", _MAY_ASK, ["yes"] if settings.bots else []), optional=True
        ),
    ]
    return {
        "type": "modal",
        "callback_id": CHANNEL_SETTINGS,
        "private_metadata": channel,
        "title": _plain("Channel settings"),
        "submit": _plain("Save"),
        "close": _plain("Cancel"),
        "blocks": blocks,
    }


def read(view: Mapping[str, Any]) -> ChannelSettings | dict[str, str]:
    """The settings that a person filled in, or what is wrong with them by input block."""
    state = view["state"]["values"]
    experts = _typed(state, EXPERTS)
    if not _EXPERTS.fullmatch(experts):
        return {EXPERTS: _NOT_AN_ID}
    try:
        return ChannelSettings(
            listening=Listening(_chosen(state, LISTENING)[0]),
            reply_to=ReplyTo(_chosen(state, REPLY_TO)[0]),
            manner=Manner(
                sources=tuple(_chosen(state, SOURCES)),
                persona=_typed(state, PERSONA),
                tone=_typed(state, TONE),
            ),
            experts=experts,
            bots=bool(_chosen(state, BOTS)),
        )
    except (ValidationError, ValueError, IndexError):
        return {LISTENING: "I cannot read these settings. Close this, and open it again."}


def _about(channel: str) -> Json:
    elements: list[Json] = [
        {"type": "text", "text": "How I behave in "},
        {"type": "channel", "channel_id": channel},
        {"type": "text", "text": ". Wishes about style change none of my rules."},
    ]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def _input(
    name: str, label: str, element: dict[str, Json], *, hint: str = "", optional: bool = False
) -> Json:
    block: dict[str, Json] = {
        "type": "input",
        "block_id": name,
        "label": _plain(label),
        "element": {**element, "action_id": name},
        "optional": optional,
    }
    return {**block, "hint": _plain(hint)} if hint else block


def _choice(labels: Mapping[Any, str], chosen: str) -> dict[str, Json]:
    options = [_option(value, label) for value, label in labels.items()]
    initial = _option(chosen, labels[chosen])
    return {"type": "static_select", "options": options, "initial_option": initial}


def _several(kind: str, labels: Mapping[str, str], chosen: Sequence[str]) -> dict[str, Json]:
    options = [_option(value, label) for value, label in labels.items()]
    initial: list[Json] = [_option(value, labels[value]) for value in chosen]
    return {"type": kind, "options": options, **({"initial_options": initial} if initial else {})}


def _text(value: str, most: int) -> dict[str, Json]:
    element: dict[str, Json] = {"type": "plain_text_input", "max_length": most}
    return {**element, "initial_value": value} if value else element


def _option(value: str, label: str) -> Json:
    return {"text": _plain(label), "value": str(value)}


def _label(location: str) -> str:
    name = source_name(location)
    return name if len(name) <= _LABEL else f"{name[: _LABEL - 1]}…"


def _chosen(state: Mapping[str, Any], name: str) -> list[str]:
    said = (state.get(name) or {}).get(name) or {}
    options = said.get("selected_options") or [said.get("selected_option")]
    return [str(option["value"]) for option in options if option]


def _typed(state: Mapping[str, Any], name: str) -> str:
    return " ".join(str(((state.get(name) or {}).get(name) or {}).get("value") or "").split())


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
