"""Letters as keyword search compares them: forms that a reader takes for the same letter become one."""
# ruff: noqa: RUF001 - letters of other scripts are meant as they are

import re
import sys
import unicodedata
from collections.abc import Mapping

_DIGITS = {
    code: str(unicodedata.digit(chr(code)))
    for code in range(0x80, sys.maxunicode + 1)
    if unicodedata.category(chr(code)) == "Nd"
}
"""Decimal digits of every script, such as the Persian ones, as ASCII."""

# Soft hyphen, zero-width space, joiner and word joiner, byte order mark; direction marks.
_INVISIBLE = dict.fromkeys(
    [0xAD, 0x200B, 0x200D, 0x2060, 0xFEFF, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)
_HALF_SPACE = "\u200c"  # zero-width non-joiner, which Persian writes between a word and its ending
_PLAIN = str.maketrans({**_DIGITS, **_INVISIBLE})

# Vowel marks, Koranic marks and the tatweel, which only stretches a line.
_ARABIC_MARKS = dict.fromkeys([*range(0x0610, 0x061B), 0x0640, *range(0x064B, 0x0660), 0x0670])
_TO_PERSIAN = str.maketrans({**_ARABIC_MARKS, "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه",
                             "ؤ": "و", "أ": "ا", "إ": "ا", "ٱ": "ا"})  # fmt: skip
_TO_ARABIC = str.maketrans({**_ARABIC_MARKS, "ی": "ي", "ک": "ك", "ٱ": "ا"})
_HEBREW_POINTS = str.maketrans(dict.fromkeys(range(0x0591, 0x05C8)))
# As Lucene's HindiNormalizer: the dot below, which many leave out, and the two ways to write a nasal.
_DEVANAGARI = str.maketrans({"\u093c": "", "\u0901": "\u0902"})
_RUSSIAN = str.maketrans("ёЁ", "еЕ")

_ACRONYM = re.compile(r"\b[A-Z0-9]{2,}\b")
_TURKISH = str.maketrans({"İ": "i", "I": "ı"})

_BY_LANGUAGE: dict[str, Mapping[int, str | int | None]] = {
    "fa": _TO_PERSIAN,
    "ur": _TO_PERSIAN,
    "ar": _TO_ARABIC,
    "he": _HEBREW_POINTS,
    "hi": _DEVANAGARI,
    "mr": _DEVANAGARI,
    "ne": _DEVANAGARI,
    "ru": _RUSSIAN,
}


def folded(text: str, language: str) -> str:
    """A text with its letters as this language compares them.

    Compatibility forms are composed (Unicode NFKC), digits become ASCII, what cannot be seen goes. The
    half-space ends a word: the ending behind it is searched like one behind a space.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_PLAIN).replace(_HALF_SPACE, " ")
        text = text.translate(_BY_LANGUAGE.get(language, {}))
    if language in {"tr", "az"}:
        text = _ACRONYM.sub(lambda match: match.group().lower(), text).translate(_TURKISH)
    return text
