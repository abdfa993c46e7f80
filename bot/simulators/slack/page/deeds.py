"""What a person does on the page, by the name of the form."""

from collections.abc import Callable
from typing import Any

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.person import Person
from bot.simulators.slack.record import Receipt
from bot.simulators.slack.rules.blocks import interactive
from bot.simulators.slack.state.channels import Channel
from bot.simulators.slack.state.messages import Message
from bot.simulators.slack.state.views import View
from bot.simulators.view.pages import Absent, Form, Refusal

_MANY = ("checkboxes", "multi_")


def one(form: Form, name: str) -> str:
    """The first value of a field; empty where there is none."""
    return next(iter(form.get(name, ())), "")


def do(deed: str, person: Person, form: Form) -> None:
    """Do a deed.

    Raises:
        Absent: there is no such deed, or nothing to do it to.
        Refusal: Slack refuses it, or the app does.
    """
    if deed not in _DEEDS:
        raise Absent
    try:
        _DEEDS[deed](person, form)
    except SlackError as error:
        raise Refusal(f"Slack says no: {error.code}.") from None


def _say(person: Person, form: Form) -> None:
    text = one(form, "text").strip()
    channel = _channel(person, form)
    name, _, rest = text.partition(" ")
    if name in person.platform.app.commands:
        _taken(person.command(channel, name, rest.strip()))
    elif text:
        thread = _message(person, form) if one(form, "ts") else None
        person.say(channel, text, thread=thread)


def _press(person: Person, form: Form) -> None:
    where = _view(person, form) if one(form, "view") else _message(person, form)
    _taken(person.press(where, one(form, "action"), one(form, "value") or None))


def _submit(person: Person, form: Form) -> None:
    view = _view(person, form)
    values: dict[str, Any] = {}
    for block, element in interactive(view.content["blocks"]):
        if block["type"] != "input":
            continue
        name = element["action_id"]
        many = element["type"].startswith(_MANY)
        values[name] = list(form.get(name, ())) if many else one(form, name) or None
        if values[name] in (None, []) and not block.get("optional"):
            raise Refusal("Something is missing.", {block["block_id"]: "Please fill this in."})
    receipt = _taken(person.submit(values))
    body = receipt.body if isinstance(receipt.body, dict) else {}
    if body.get("response_action") == "errors":
        raise Refusal("Something is wrong.", body.get("errors", {}))


def _close(person: Person, form: Form) -> None:
    _view(person, form)
    person.close_modal()


def _shortcut(person: Person, form: Form) -> None:
    _taken(person.shortcut(one(form, "action"), _message(person, form)))


def _react(person: Person, form: Form) -> None:
    message, name = _message(person, form), one(form, "action")
    if person.id in message.reactions.get(name, ()):
        person.unreact(message, name)
    else:
        person.react(message, name)


def _edit(person: Person, form: Form) -> None:
    if text := one(form, "text").strip():
        person.edit(_message(person, form), text)


def _delete(person: Person, form: Form) -> None:
    person.delete(_message(person, form))


def _stop(person: Person, form: Form) -> None:
    person.stop(_message(person, form))


_DEEDS: dict[str, Callable[[Person, Form], None]] = {
    "say": _say,
    "press": _press,
    "submit": _submit,
    "close": _close,
    "shortcut": _shortcut,
    "react": _react,
    "edit": _edit,
    "delete": _delete,
    "stop": _stop,
}


def _taken(receipt: Receipt) -> Receipt:
    if not receipt.acknowledged:
        raise Refusal(f"The app did not take it ({receipt.reason}). Is it running?")
    return receipt


def _channel(person: Person, form: Form) -> Channel:
    channel = person.workspace.directory.channels.get(one(form, "channel"))
    if channel is None or person.id not in channel.members:
        raise Absent
    return channel


def _message(person: Person, form: Form) -> Message:
    channel, ts = _channel(person, form), one(form, "ts")
    for message in list(person.workspace.timeline.ephemeral):
        if (message.visible_to, message.channel, message.ts) == (person.id, channel.id, ts):
            return message
    return person.workspace.timeline.find(channel.id, ts)


def _view(person: Person, form: Form) -> View:
    """The view that a form was shown in, as long as it is before this person."""
    for view in (person.modal, person.home):
        if view and view.id == one(form, "view"):
            return view
    raise Refusal("This is no longer open.")
