"""What Discord accepts as the components of a message or a modal."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.simulators.discord.rules.faults import Faults

Json = dict[str, Any]

ROW = 1
BUTTON = 2
SELECT = 3
INPUT = 4
SELECTS = frozenset({SELECT, 5, 6, 7, 8})
SECTION = 9
TEXT = 10
CONTAINER = 17
LABEL = 18
UPLOAD = 19
CHOOSERS = frozenset({21, 22, 23})
"""Radio group, checkbox group and checkbox."""

LINK = 5
PREMIUM = 6

ROWS = 5
IN_ROW = 5
ALL = 40
"""Components of a message that is made of them, all levels together."""
ALL_TEXT = 4000
OPTIONS = 25
CUSTOM_ID = 100

_LAYOUT = frozenset({ROW, SECTION, TEXT, 12, 13, 14, CONTAINER})


def check_components(body: Json, faults: Faults, *, layout: bool) -> None:
    """Note what Discord would refuse in a message's components; `layout`: it is made of them alone."""
    seen: set[str] = set()
    components = faults.items(body, "components", ALL if layout else ROWS)
    if layout:
        every = list(walk(components))
        if len(every) > ALL:
            faults.add("BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ALL} in length.", "components")
        if sum(len(str(part.get("content", ""))) for part in every if part.get("type") == TEXT) > ALL_TEXT:
            faults.add("COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "Too much text.", "components")
    for n, component in enumerate(components):
        if layout and component.get("type") in _LAYOUT:
            _check_layout(component, faults, seen, "components", n)
        else:
            _check_row(component, faults, seen, "components", n)


def check_modal(data: Any, faults: Faults) -> None:
    """Note what Discord would refuse in a modal."""
    if not isinstance(data, dict):
        faults.add("BASE_TYPE_REQUIRED", "This field is required", "data")
        return
    faults.text(data, "custom_id", CUSTOM_ID, "data", least=1, required=True)
    faults.text(data, "title", 45, "data", least=1, required=True)
    seen: set[str] = set()
    parts = faults.items(data, "components", ROWS, "data")
    if not parts:
        faults.add("BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {ROWS} in length.", "data", "components")
    for n, part in enumerate(parts):
        path: tuple[str | int, ...] = ("data", "components", n)
        kind = part.get("type")
        if kind == ROW:
            fields = faults.items(part, "components", 1, *path)
            for field in fields:
                _check_field(field, faults, seen, *path, "components", 0)
        elif kind == LABEL:
            faults.text(part, "label", 45, *path, least=1, required=True)
            faults.text(part, "description", 100, *path)
            if isinstance(part.get("component"), dict):
                _check_field(part["component"], faults, seen, *path, "component")
            else:
                faults.add("BASE_TYPE_REQUIRED", "This field is required", *path, "component")
        elif kind != TEXT:
            faults.add("UNION_TYPE_CHOICES", "Value of field must be one of (1, 10, 18).", *path, "type")


def walk(components: Any) -> Iterator[Json]:
    """Every component at every level."""
    for component in components or ():
        if isinstance(component, dict):
            yield component
            yield from walk(component.get("components"))
            yield from walk([component.get("accessory"), component.get("component")])


def _check_layout(component: Json, faults: Faults, seen: set[str], *path: str | int) -> None:
    kind = component.get("type")
    if kind == ROW:
        _check_row(component, faults, seen, *path)
    elif kind == TEXT:
        faults.text(component, "content", ALL_TEXT, *path, least=1, required=True)
    elif kind == SECTION:
        texts = faults.items(component, "components", 3, *path)
        if not texts or not isinstance(component.get("accessory"), dict):
            faults.add("BASE_TYPE_REQUIRED", "This field is required", *path, "accessory")
        elif component["accessory"].get("type") == BUTTON:
            _check_button(component["accessory"], faults, seen, *path, "accessory")
    elif kind == CONTAINER:
        for n, part in enumerate(faults.items(component, "components", ALL, *path)):
            _check_layout(part, faults, seen, *path, "components", n)


def _check_row(component: Json, faults: Faults, seen: set[str], *path: str | int) -> None:
    if component.get("type") != ROW:
        faults.add("UNION_TYPE_CHOICES", "Value of field must be one of (1,).", *path, "type")
        return
    inside = faults.items(component, "components", IN_ROW, *path)
    if not inside:
        faults.add("BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {IN_ROW} in length.", *path, "components")
    for n, part in enumerate(inside):
        here = (*path, "components", n)
        if part.get("type") == BUTTON:
            _check_button(part, faults, seen, *here)
        elif part.get("type") in SELECTS:
            if len(inside) > 1:
                faults.add("COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is full.", *path, "components")
            _check_select(part, faults, seen, *here)
        else:
            faults.add(
                "UNION_TYPE_CHOICES", "Value of field must be one of (2, 3, 5, 6, 7, 8).", *here, "type"
            )


def _check_id(part: Json, faults: Faults, seen: set[str], *path: str | int) -> None:
    faults.text(part, "custom_id", CUSTOM_ID, *path, least=1, required=True)
    custom_id = str(part.get("custom_id"))
    if custom_id in seen:
        faults.add(
            "COMPONENT_CUSTOM_ID_DUPLICATED",
            "Component custom id cannot be duplicated",
            *path,
            "custom_id",
        )
    seen.add(custom_id)


def _check_button(part: Json, faults: Faults, seen: set[str], *path: str | int) -> None:
    if "style" not in part:
        faults.add("BASE_TYPE_REQUIRED", "This field is required", *path, "style")
    faults.choice(part, "style", range(1, PREMIUM + 1), *path)
    faults.text(part, "label", 80, *path)
    if not part.get("label") and not part.get("emoji") and part.get("style") != PREMIUM:
        faults.add("BUTTON_COMPONENT_MISSING_LABEL", "A button needs a label or an emoji.", *path)
    if part.get("style") == LINK:
        faults.text(part, "url", 512, *path, least=1, required=True)
        if "custom_id" in part:
            faults.add("BUTTON_COMPONENT_CUSTOM_ID_INVALID", "A link has no custom id.", *path, "custom_id")
    elif part.get("style") != PREMIUM:
        _check_id(part, faults, seen, *path)


def _check_select(part: Json, faults: Faults, seen: set[str], *path: str | int) -> None:
    _check_id(part, faults, seen, *path)
    faults.text(part, "placeholder", 150, *path)
    faults.choice(part, "min_values", range(OPTIONS + 1), *path)
    faults.choice(part, "max_values", range(1, OPTIONS + 1), *path)
    if part.get("type") == SELECT:
        _check_options(part, faults, OPTIONS, *path)


def _check_options(part: Json, faults: Faults, most: int, *path: str | int) -> None:
    options = faults.items(part, "options", most, *path)
    if not options:
        faults.add("BASE_TYPE_BAD_LENGTH", f"Must be between 1 and {most} in length.", *path, "options")
    values: set[str] = set()
    for n, option in enumerate(options):
        faults.text(option, "label", 100, *path, "options", n, least=1, required=True)
        faults.text(option, "value", 100, *path, "options", n, least=1, required=True)
        faults.text(option, "description", 100, *path, "options", n)
        if str(option.get("value")) in values:
            faults.add(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Used twice.", *path, "options", n, "value"
            )
        values.add(str(option.get("value")))


def _check_input(part: Json, faults: Faults, seen: set[str], *path: str | int) -> None:
    _check_id(part, faults, seen, *path)
    faults.choice(part, "style", range(1, 3), *path)
    faults.text(part, "label", 45, *path)
    faults.text(part, "placeholder", 100, *path)
    faults.text(part, "value", 4000, *path)
    faults.choice(part, "min_length", range(4001), *path)
    faults.choice(part, "max_length", range(1, 4001), *path)


def _check_chooser(part: Json, faults: Faults, seen: set[str], *path: str | int) -> None:
    _check_id(part, faults, seen, *path)
    if "options" in part:
        _check_options(part, faults, 10, *path)


def _check_field(part: Json, faults: Faults, seen: set[str], *path: str | int) -> None:
    if check := _FIELDS.get(part.get("type", 0)):
        check(part, faults, seen, *path)
    else:
        faults.add("UNION_TYPE_CHOICES", "Value of field must be one of (3, 4, 5, 6, 7, 8).", *path, "type")


_FIELDS: dict[int, Callable[..., None]] = {
    INPUT: _check_input,
    UPLOAD: _check_id,
    **dict.fromkeys(SELECTS, _check_select),
    **dict.fromkeys(CHOOSERS, _check_chooser),
}
"""What a person can fill in, by its type."""
