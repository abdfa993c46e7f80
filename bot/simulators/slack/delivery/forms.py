"""What a person fills in and chooses, in the shape that payloads give it."""

from collections.abc import Mapping
from typing import Any

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.rules.blocks import interactive
from bot.simulators.slack.state.views import View

Json = dict[str, Any]


def filled_in(view: View, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a submission says of a view's fields, by block and action.

    Raises:
        SlackError: `missing_input` for a field that has to be filled in.
    """
    state: dict[str, Any] = {}
    for block, element in interactive(view.content["blocks"]):
        if element["type"] in ("button", "feedback_buttons", "icon_button"):
            continue
        name = element["action_id"]
        value = values.get(name, element.get("initial_value"))
        if value in (None, "", []) and block["type"] == "input" and not block.get("optional"):
            raise SlackError("missing_input", action_id=name)
        state.setdefault(block["block_id"], {})[name] = chosen_in(element, value)
    return state


def chosen_in(element: Json, value: Any) -> Json:
    """What a payload says of a field: the value that a person gave it, in the shape of its kind."""
    kind = str(element["type"])
    if kind in ("plain_text_input", "url_text_input", "email_text_input", "number_input"):
        return {"type": kind, "value": value}
    if kind in ("static_select", "radio_buttons", "overflow"):
        return {"type": kind, "selected_option": _option(element, value) if value is not None else None}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": [_option(element, one) for one in value or ()]}
    fields = {
        "users_select": "selected_user",
        "channels_select": "selected_channel",
        "conversations_select": "selected_conversation",
        "datepicker": "selected_date",
        "multi_users_select": "selected_users",
        "multi_channels_select": "selected_channels",
        "multi_conversations_select": "selected_conversations",
    }
    return {"type": kind, fields.get(kind, "value"): value}


def _option(element: Json, value: Any) -> Json:
    groups = (group["options"] for group in element.get("option_groups", ()))
    options = [*element.get("options", ()), *(option for group in groups for option in group)]
    return dict(next(option for option in options if option["value"] == value))
