"""What people see of a question that is handed over: the card, the consent to it, and the answer's modal."""

from bot import escalation
from bot.outgoing import Json, Payload
from core.messages import Handover
from ledger.escalations import Escalation, State

CLAIM, ANSWER, ASK_PERSON, CONSENT, SHOW = (
    "claim",
    "answer_as_person",
    "ask_person",
    "consent",
    "show_handover",
)
"""Ids of the buttons and the modals."""

WORDS = "words"
"""The id of the field that an expert answers in."""

_LONGEST_WORDS = 3000


def card(shown: Escalation) -> Payload:
    """A message that shows an escalation as it is now, and what can be done about it."""
    told = shown.handover
    blocks: list[Json] = told_blocks(told) if told.question else []
    blocks.append(_context(escalation.progress(shown)))
    if shown.state is State.OPEN:
        blocks.append(_buttons(_button(CLAIM, "Claim", shown.turn_id)))
    elif shown.state is State.CLAIMED:
        blocks.append(_buttons(_button(ANSWER, "Answer", shown.turn_id)))
    text = f"{_asks(told)} {told.question}" if told.question else escalation.progress(shown)
    return {"text": text, "blocks": blocks}


def told_blocks(told: Handover) -> list[Json]:
    """All that experts are told, and whoever consents to it is shown."""
    blocks: list[Json] = [_quoted(_asks(told), told.question), _context(escalation.why(told))]
    if searched := escalation.searched(told):
        blocks.append(_context(searched))
    if told.answer:
        blocks.append(_quoted("My answer was:", told.answer))
    return blocks


def consent_view(told: Handover, turn_id: str) -> Payload:
    """The modal that shows exactly what will be sent, before anything is."""
    return {
        "type": "modal",
        "callback_id": CONSENT,
        "private_metadata": turn_id,
        "title": _plain("Ask a person"),
        "submit": _plain("Send"),
        "close": _plain("Keep it here"),
        "blocks": [
            _section("This was asked in private. If you send it, other people read this, and nothing else:"),
            *told_blocks(told),
        ],
    }


def answer_view(told: Handover, turn_id: str) -> Payload:
    """The modal in which the owner answers."""
    return {
        "type": "modal",
        "callback_id": ANSWER,
        "private_metadata": turn_id,
        "title": _plain("Your answer"),
        "submit": _plain("Send"),
        "close": _plain("Not yet"),
        "blocks": [
            *told_blocks(told),
            {
                "type": "input",
                "block_id": WORDS,
                "label": _plain("What you write goes to whoever asked."),
                "element": {
                    "type": "plain_text_input",
                    "action_id": WORDS,
                    "multiline": True,
                    "max_length": _LONGEST_WORDS,
                },
            },
        ],
    }


def offer(turn_id: str) -> Payload:
    """A message that leads to the consent, for somebody who asked for a person in words."""
    text = "I can hand your question to a person. You see first what they would read."
    button = _button(SHOW, "Show me", turn_id)
    return {"text": text, "blocks": [_section(text), _buttons(button)]}


def _asks(told: Handover) -> str:
    return f"{told.asker or 'Somebody'} asks:"


def _quoted(lead: str, text: str) -> Json:
    """Words of somebody else's as rich text, in which nothing is read as a mention or a link."""
    section: Json = {
        "type": "rich_text_section",
        "elements": [{"type": "text", "text": lead, "style": {"bold": True}}],
    }
    quote: Json = {"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section, quote]}


def _section(text: str) -> Json:
    return {"type": "section", "text": _plain(text)}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_plain(text)]}


def _buttons(*buttons: Json) -> Json:
    return {"type": "actions", "elements": list(buttons)}


def _button(action: str, label: str, value: str) -> Json:
    return {"type": "button", "action_id": action, "text": _plain(label), "value": value}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
