"""What people on Discord see of a question that is handed over: the card, the consent, the answer's form."""

from bot import escalation
from bot.outgoing import Json, Payload
from bot.platforms.discord.words import quoted
from core.messages import Handover
from ledger.escalations import Escalation, State

ASK_PERSON, CONSENT, CLAIM, EXPERT = "person", "consent", "claim", "expert"
"""What custom ids begin with; a colon and the turn's id follow."""

_QUESTION, _ANSWER, _SEARCHED = 800, 500, 300
_GREY, _BLUE = 2, 1

_PRIVATE = "This was asked in private. If you send it, other people read this, and nothing else:"


def card(shown: Escalation) -> Payload:
    """A message that shows an escalation as it is now, and what can be done about it."""
    told = shown.handover
    lines = [*_told(told), _small(progress(shown))] if told.question else [_small(progress(shown))]
    buttons: dict[State, Json] = {
        State.OPEN: _button(CLAIM, "Claim", shown.turn_id),
        State.CLAIMED: _button(EXPERT, "Answer", shown.turn_id),
    }
    pressed = buttons.get(shown.state)
    return {"content": "\n".join(lines), "components": [_row(pressed)] if pressed else []}


def progress(shown: Escalation) -> str:
    """How far an escalation has come. On Discord its owner answers by the button."""
    if shown.state is State.CLAIMED:
        return f"{shown.owner_name or 'Somebody'} has claimed this, and answers with the button."
    return escalation.progress(shown)


def consent(told: Handover, turn_id: str) -> Payload:
    """The message that shows exactly what will be sent, before anything is."""
    send = _button(CONSENT, "Send it", turn_id, style=_BLUE)
    return {"content": "\n".join([_PRIVATE, *_told(told)]), "components": [_row(send)]}


def _told(told: Handover) -> list[str]:
    """All that experts are told, and whoever consents to it is shown."""
    lines = [f"**{quoted(told.asker or 'Somebody', 100)} asks:**", f"> {quoted(told.question, _QUESTION)}"]
    lines.append(_small(escalation.why(told)))
    if searched := escalation.searched(told):
        lines.append(_small(quoted(searched, _SEARCHED)))
    if told.answer:
        lines += ["**My answer was:**", f"> {quoted(told.answer, _ANSWER)}"]
    return lines


def _small(text: str) -> str:
    return f"-# {text}"


def _row(*buttons: Json) -> Json:
    return {"type": 1, "components": list(buttons)}


def _button(action: str, label: str, turn_id: str, *, style: int = _GREY) -> Json:
    return {"type": 2, "style": style, "label": label, "custom_id": f"{action}:{turn_id}"}
