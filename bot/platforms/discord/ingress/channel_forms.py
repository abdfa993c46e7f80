"""The two forms with a channel's settings: built from what is set, and read back."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from bot.home import source_name
from bot.outgoing import Payload
from bot.platforms.discord.ingress import forms
from bot.platforms.discord.places import ROLE as ROLE_
from core.channels import ChannelSettings, Listening, ReplyTo
from ledger.sources import Source

HEARING, VOICE = "hearing", "voice"
"""The two forms, and the subcommands that open them: Discord takes five fields in each."""

LISTENING, REPLY_TO, ROLE, CHANNEL, BOTS = "listening", "reply_to", "role", "channel", "bots"
SOURCES, PERSONA, TONE = "sources", "persona", "tone"
"""Names of the fields."""

_LISTENING = {
    Listening.FOLLOW.value: "When mentioned, and in threads that I am in",
    Listening.MENTION.value: "Only when mentioned",
    Listening.QUESTIONS.value: "Also every question asked here; in a forum every new post",
    Listening.OFF.value: "Never",
}
_REPLY_TO = {
    ReplyTo.THREAD.value: "Here, for everybody",
    ReplyTo.ASKER.value: "To the person who asked, alone",
}
_BOTS = {"no": "Other bots may not ask me", "yes": "Other bots may ask me by mentioning me"}


def hearing_form(name: str, settings: ChannelSettings) -> Payload:
    """When and where Candor answers, and who knows more."""
    experts = settings.experts
    role, channel = (experts[len(ROLE_) :], "") if experts.startswith(ROLE_) else ("", experts)
    return forms.form(
        name,
        "How I behave in this channel",
        forms.choice(LISTENING, "When do I answer?", _LISTENING, [settings.listening]),
        forms.choice(REPLY_TO, "Where do I answer?", _REPLY_TO, [settings.reply_to]),
        forms.role(ROLE, "Who knows more? A role", role),
        forms.channel(CHANNEL, "Or the channel where they are", channel),
        forms.choice(BOTS, "Bots", _BOTS, ["yes" if settings.bots else "no"]),
    )


def voice_form(name: str, settings: ChannelSettings, sources: Sequence[Source]) -> Payload:
    """What answers rest on, of these sources, and how they sound."""
    manner = settings.manner
    named = {source.id: source_name(source.location) for source in sources}
    what = forms.choice(SOURCES, "What from? Choose none to use all", named, manner.sources, several=True)
    return forms.form(
        name,
        "What I say in this channel",
        *([what] if named else []),
        forms.text(PERSONA, "Who am I here?", manner.persona, most=300),
        forms.text(TONE, "How do I sound?", manner.tone, most=100),
    )


def read(settings: ChannelSettings, data: Mapping[str, Any]) -> ChannelSettings | None:
    """The settings with what somebody filled in; None where that cannot be read."""
    given = forms.filled_in(data)

    def one(name: str) -> str:
        return " ".join(given.get(name, ("",))[:1]).strip()

    try:
        if LISTENING in given:
            changes = {
                "listening": Listening(one(LISTENING)),
                "reply_to": ReplyTo(one(REPLY_TO)),
                "experts": f"{ROLE_}{one(ROLE)}" if one(ROLE) else one(CHANNEL),
                "bots": one(BOTS) == "yes",
            }
        else:
            manner = {
                "sources": given.get(SOURCES, settings.manner.sources),
                "persona": one(PERSONA),
                "tone": one(TONE),
            }
            changes = {"manner": manner}
        return ChannelSettings.model_validate(settings.model_dump() | changes)
    except (ValidationError, ValueError):
        return None
