"""Older encodings of text, told by the letters that come of them."""

import re
from itertools import islice

from charset_normalizer import from_bytes

from retrieval.language import detect

_STRETCHES = 500
_STRETCH = re.compile(rb"[^\n]{0,80}[\x80-\xff][^\n]{0,80}")
"""Where letters beyond ASCII stand: from so many of these an encoding is told."""

_LATIN = ("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1254", "cp1257", "mac_roman", "cp850", "cp852")
"""Encodings of languages with Latin letters. They differ in a few letters alone, which decide."""

_LETTERS = {
    "ca": "àçèéíïòóúü·",
    "cs": "áčďéěíňóřšťúůýž",
    "da": "æøåé",
    "de": "äöüßé",
    "en": "éèêëàâäöüñçïôœæ",
    "es": "áéíóúüñ¿¡ªº",
    "et": "äõöüšž",
    "fi": "äöåšž",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "hr": "čćđšž",
    "hu": "áéíóöőúüű",
    "it": "àèéìòù",
    "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūž",
    "nl": "éëïóöüèáê",
    "no": "æøåéòô",
    "pl": "ąćęłńóśźż",
    "pt": "áâãàçéêíóôõúüªº",
    "ro": "ăâîşţ",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "sl": "čšž",
    "sq": "çë",
    "sv": "åäöé",
    "tr": "çğıöşüâîû",
}
"""Letters beyond ASCII of languages with Latin letters, by ISO 639-1 (CLDR's exemplar characters)."""

_LAST_LATIN = "\u02af"
"""Letters behind this one are those of other scripts."""

_SIGNS = frozenset("–—‘’‚“”„…«»‹›•€£§°·±²³½©®™\N{NO-BREAK SPACE}")  # noqa: RUF001 - as they are written
"""Signs beyond ASCII that are written in any language."""

_FEWEST = 3
"""Letters beyond ASCII from which an encoding can be told."""

_MOST_STRANGE = 0.02
"""The share of characters that are no letters of the text's language, up to which a guess is believed."""

_MOST_CHAOS = 0.1
_LEAST_COHERENCE = 0.3
"""For other scripts: how much of the text may look like a mess, and how well the frequency of its letters
has to fit a language (both as charset-normalizer measures them, 0 to 1)."""


def told(data: bytes) -> str | None:
    """The encoding of a text that is not UTF-8; None where it cannot be told for sure."""
    sample = b"\n".join(stretch.group() for stretch in islice(_STRETCH.finditer(data), _STRETCHES))
    guess = from_bytes(sample).best()
    if guess is None or not any(letter.isalpha() and letter > _LAST_LATIN for letter in str(guess)):
        return _of_latin(sample)
    if guess.chaos > _MOST_CHAOS or guess.coherence < _LEAST_COHERENCE:
        return None
    return guess.encoding


def _of_latin(sample: bytes) -> str | None:
    """The encoding that makes letters of the text's own language of all bytes, if no other text can be."""
    texts: dict[str, str] = {}
    for encoding in _LATIN:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_plausible(text):
            texts.setdefault(text, encoding)
    return next(iter(texts.values())) if len(texts) == 1 else None


def _is_plausible(text: str) -> bool:
    beyond = [letter for letter in text.lower() if letter > "\x7f"]
    letters = _LETTERS.get(detect(text), "")
    own = sum(letter in letters for letter in beyond)
    strange = sum(letter not in letters and letter not in _SIGNS for letter in beyond)
    return own >= _FEWEST and strange <= _MOST_STRANGE * len(beyond)
