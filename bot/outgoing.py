"""The last filter on every payload that leaves for a platform: pure functions, no way round them."""

import unicodedata
from collections.abc import Mapping
from typing import TypeAlias

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
