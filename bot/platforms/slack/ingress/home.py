"""App Home as Slack's blocks."""

from bot.home import CAN, CANNOT, FORGET_WARNING, Home
from bot.outgoing import Json, Payload
from ledger.people import Asked

FORGET_ME, SETTINGS_OF = "forget_me", "settings_of"
"""Ids of the button and of the choice of a channel."""

_QUESTION = 200


def home_view(home: Home, notice: str = "") -> Payload:
    """A person's App Home, below a notice where there is one."""
    blocks: list[Json] = [_section(notice), {"type": "divider"}] if notice else []
    blocks += [_header("What I can do here"), _list(CAN), _header("What I cannot"), _list(CANNOT)]
    if home.examples:
        blocks += [_header("You could ask me"), _list(home.examples)]
    blocks += [_header("What you asked last"), *_history(home.history)]
    if home.admin:
        blocks += [_header("For admins"), _choose_channel()]
    return {"type": "home", "blocks": blocks}


def _history(history: tuple[Asked, ...]) -> list[Json]:
    if not history:
        return [_section("Nothing yet. Only you see this list.")]
    lines = [f"{each.text[:_QUESTION]} ({each.state}, {each.at:%Y-%m-%d})" for each in history]
    return [_list(tuple(lines)), _context("Only you see this list."), _forget_me()]


def _forget_me() -> Json:
    button: Json = {
        "type": "button",
        "action_id": FORGET_ME,
        "style": "danger",
        "text": _plain("Forget me"),
        "value": FORGET_ME,
        "confirm": {
            "title": _plain("Forget me?"),
            "text": _plain(FORGET_WARNING),
            "confirm": _plain("Forget me"),
            "deny": _plain("Keep it"),
            "style": "danger",
        },
    }
    return {"type": "actions", "elements": [button]}


def _choose_channel() -> Json:
    return {
        "type": "section",
        "text": _plain("How I behave in a channel: choose one to change it."),
        "accessory": {
            "type": "conversations_select",
            "action_id": SETTINGS_OF,
            "placeholder": _plain("Choose a channel"),
            "filter": {"include": ["public", "private"]},
        },
    }


def _list(lines: tuple[str, ...]) -> Json:
    """Lines as rich text, whose words Slack takes as they are."""
    items: list[Json] = [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": line}]} for line in lines
    ]
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_list", "style": "bullet", "elements": items}],
    }


def _header(text: str) -> Json:
    return {"type": "header", "text": _plain(text)}


def _section(text: str) -> Json:
    return {"type": "section", "text": _plain(text)}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [_plain(text)]}


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}
