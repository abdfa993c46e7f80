"""What Slack accepts as an interactive element of a block."""

from collections.abc import Callable
from typing import Any

from bot.simulators.slack.rules.findings import Findings

SELECTS = frozenset(
    f"{many}{source}_select"
    for many in ("", "multi_")
    for source in ("static", "users", "conversations", "channels", "external")
)
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"checkboxes", "radio_buttons", "overflow"})
INPUTS = frozenset({"plain_text_input", "url_text_input", "email_text_input", "number_input"})
IN_ACTIONS = SELECTS | PICKERS | CHOICES | {"button", "workflow_button"}
IN_INPUT = SELECTS | PICKERS | (CHOICES - {"overflow"}) | INPUTS | {"file_input", "rich_text_input"}
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})
IN_SECTION = IN_ACTIONS | {"image"}

_COMMON = ("type", "action_id", "confirm", "focus_on_load")
_OPTIONS = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}
_SELECT = (
    "placeholder",
    "options",
    "option_groups",
    "initial_option",
    "initial_options",
    "max_selected_items",
    "initial_user",
    "initial_users",
    "initial_conversation",
    "initial_conversations",
    "initial_channel",
    "initial_channels",
    "filter",
    "default_to_current_conversation",
    "response_url_enabled",
    "min_query_length",
)
_INPUT = (
    "placeholder",
    "initial_value",
    "multiline",
    "min_length",
    "max_length",
    "dispatch_action_config",
    "is_decimal_allowed",
    "min_value",
    "max_value",
)
VISIBLE_TO = 10
"""People that an icon button may be kept to."""

Element = dict[str, Any]


def check_element(element: Element, allowed: frozenset[str], found: Findings, path: str) -> None:
    """Note what is wrong with an element, and whether it may stand here at all."""
    kind = str(element.get("type"))
    if kind not in allowed:
        found.add(f"unsupported element type: {kind}", f"{path}/type")
        return
    found.string(element, "action_id", 255, path)
    if check := _CHECKS.get(kind):
        check(element, found, path)


def _image(element: Element, found: Findings, path: str) -> None:
    found.keys(element, ("type", "image_url", "slack_file", "alt_text"), ("alt_text",), path)
    found.string(element, "image_url", 3000, path)


def _button(element: Element, found: Findings, path: str) -> None:
    found.keys(element, (*_COMMON, "url", "value", "style", "accessibility_label"), ("text",), path)
    _label(element, found, path)
    if element.get("style") not in (None, "primary", "danger"):
        found.add("must be a valid enum value", f"{path}/style")


def _feedback_buttons(element: Element, found: Findings, path: str) -> None:
    sides = ("positive_button", "negative_button")
    found.keys(element, _COMMON, sides, path)
    for side in sides:
        if isinstance(button := element.get(side), dict):
            found.keys(button, ("accessibility_label",), ("text", "value"), f"{path}/{side}")
            _label(button, found, f"{path}/{side}")


def _icon_button(element: Element, found: Findings, path: str) -> None:
    optional = (*_COMMON, "value", "visible_to_user_ids", "accessibility_label")
    found.keys(element, optional, ("icon", "text"), path)
    _label(element, found, path)
    if len(element.get("visible_to_user_ids", [])) > VISIBLE_TO:
        found.add(f"no more than {VISIBLE_TO} items allowed", f"{path}/visible_to_user_ids")
    if element.get("icon") not in (None, "trash"):
        found.add("must be a valid enum value", f"{path}/icon")


def _typed_input(element: Element, found: Findings, path: str) -> None:
    found.keys(element, (*_COMMON, *_INPUT), (), path)
    found.text(element, "placeholder", 150, path, plain=True)
    found.string(element, "initial_value", 3000, path)


def _select(element: Element, found: Findings, path: str) -> None:
    found.keys(element, (*_COMMON, *_SELECT), (), path)
    found.text(element, "placeholder", 150, path, plain=True)
    _options(element, 100, found, path)


def _choice(element: Element, found: Findings, path: str) -> None:
    found.keys(element, (*_COMMON, "initial_option", "initial_options"), ("options",), path)
    _options(element, _OPTIONS[element["type"]], found, path)


def _label(button: Element, found: Findings, path: str) -> None:
    found.text(button, "text", 75, path, plain=True)
    found.string(button, "value", 2000, path)
    found.string(button, "url", 3000, path)
    found.string(button, "accessibility_label", 75, path)


def _options(element: Element, most: int, found: Findings, path: str) -> None:
    for n, option in enumerate(found.items(element, "options", most, path)):
        here = f"{path}/options/{n}"
        found.keys(option, ("description", "url"), ("text", "value"), here)
        found.text(option, "text", 75, here)
        found.text(option, "description", 75, here)
        found.string(option, "value", 150, here)
    for n, group in enumerate(found.items(element, "option_groups", most, path)):
        _options(group, most, found, f"{path}/option_groups/{n}")


_CHECKS: dict[str, Callable[[Element, Findings, str], None]] = {
    "image": _image,
    "button": _button,
    "feedback_buttons": _feedback_buttons,
    "icon_button": _icon_button,
    **dict.fromkeys(INPUTS, _typed_input),
    **dict.fromkeys(SELECTS, _select),
    **dict.fromkeys(CHOICES, _choice),
}
