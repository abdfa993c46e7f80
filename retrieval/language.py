"""Languages: which one a text is in, told by its script, and by its letters where a script has several.

Codes are ISO 639-1. A script that only one of these languages is usually written in decides by itself,
however short the text is; the rest is told by py3langid, which counts sequences of letters.
"""

import re
from collections.abc import Collection, Iterable
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_SAMPLE = 2000
"""Characters of a text that are looked at."""

_GLANCE = 200
"""Characters that are enough, as long as they leave no doubt: telling languages apart takes time by the
letter, and is a third of what a short document costs besides embedding."""

_CERTAIN = 0.99
"""The probability from which a glance leaves no doubt."""

_FEWEST_LETTERS = 20
"""A text of fewer letters does not say which of several languages of a script it is in."""

_SURE = 0.5
"""The probability among the languages of its script from which a text is said to be in one."""

_POSSIBLE = 0.05
"""The probability from which a query may be in a language."""

_LATIN, _HAN = "latin", "han"
_SCRIPTS = {
    _LATIN: "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "cyrillic": "\u0400-\u052f",
    "arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc",
    "devanagari": "\u0900-\u0963\u0970-\u097f",
    _HAN: "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "el": "\u0370-\u03ff\u1f00-\u1fff",
    "hy": "\u0531-\u0587",
    "he": "\u05d0-\u05ea\ufb1d-\ufb4f",
    "bn": "\u0980-\u09e3",
    "pa": "\u0a00-\u0a65\u0a70-\u0a7f",
    "gu": "\u0a80-\u0ae5",
    "ta": "\u0b80-\u0be5",
    "te": "\u0c00-\u0c65",
    "kn": "\u0c80-\u0ce5",
    "ml": "\u0d00-\u0d65",
    "si": "\u0d80-\u0de5",
    "th": "\u0e00-\u0e4f",
    "lo": "\u0e80-\u0ecf",
    "my": "\u1000-\u103f",
    "ka": "\u10a0-\u10ff",
    "am": "\u1200-\u137f",
    "km": "\u1780-\u17df",
    "ja": "\u3041-\u30ff\u31f0-\u31ff",
    "ko": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
}
_LETTERS = {script: re.compile(f"[{letters}]") for script, letters in _SCRIPTS.items()}
_SHARED = {
    _LATIN: frozenset(
        "ca cs da de en es et eu fi fr hr hu id it lt lv ms nl no pl pt ro sk sl sq sv sw tr uz vi".split()  # noqa: SIM905
    ),
    "cyrillic": frozenset({"be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"}),
    "arabic": frozenset({"ar", "fa", "ps", "ur"}),
    "devanagari": frozenset({"hi", "mr", "ne"}),
}
"""The languages that are told apart within a script. More would only be mistaken for these."""

LANGUAGES = frozenset().union(*_SHARED.values(), {"zh"}, _SCRIPTS.keys() - _SHARED.keys() - {_HAN})
"""Every language that a text may be said to be in."""

_USUAL = {_LATIN: "en", "cyrillic": "ru", "arabic": "ar", "devanagari": "hi", _HAN: "zh"}
"""The language of a script where nothing says which."""

_KANA = 0.1
"""The share of kana among the letters of a Japanese text, at least."""


def detect(text: str) -> str:
    """The language that a text is written in, or empty where that is not sure."""
    sample = text[:_SAMPLE]
    script, letters = _script(sample)
    candidates = _SHARED.get(script)
    if candidates is None:
        return _only(script)
    if letters < _FEWEST_LETTERS:
        return ""
    language, probability = _ranked(sample[:_GLANCE], candidates)[0]
    if probability < _CERTAIN and len(sample) > _GLANCE:
        language, probability = _ranked(sample, candidates)[0]
    return language if probability >= _SURE else ""


def usual(text: str) -> str:
    """The language to take a text for when nothing else says: that of its script; English without letters."""
    script, _ = _script(text[:_SAMPLE])
    return _USUAL.get(script) or _only(script) or "en"


def likely(query: str, held: Collection[str]) -> tuple[str, ...]:
    """The languages that a query may be in, the likeliest first. Queries are short, so there may be several.

    Args:
        query: what is asked.
        held: the languages that the documents are in.

    Returns:
        Languages of the query's script that are held, as far as they are likely enough; where none of them is
        held, the usual one of that script. Behind them the held languages of other scripts, since a name
        stands in any text as it is.
    """
    script, _ = _script(query[:_SAMPLE])
    own = _SHARED.get(script, frozenset({_only(script) or "en"}))
    candidates = own.intersection(held)
    others = tuple(sorted(set(held) - own))
    if not candidates:
        return (usual(query), *others)
    if len(candidates) == 1:
        return (*candidates, *others)
    ranked = _ranked(query[:_SAMPLE], candidates)
    return (*(language for language, probability in ranked if probability >= _POSSIBLE), *others)


def _script(text: str) -> tuple[str, int]:
    """The script of most letters of a text (Japanese where enough are kana), and how many these are."""
    if text.isascii():
        return _LATIN, sum(map(str.isalpha, text))
    counts = {script: len(letters.findall(text)) for script, letters in _LETTERS.items()}
    together = counts[_HAN] + counts["ja"]
    if counts["ja"] >= max(1, _KANA * together):
        counts["ja"] = together
    script = max(counts, key=lambda script: counts[script])
    return script, counts[script]


def _only(script: str) -> str:
    """The one language of a script; empty where it has several."""
    return "zh" if script == _HAN else "" if script in _SHARED else script


def _ranked(text: str, candidates: Iterable[str]) -> list[tuple[str, float]]:
    """These languages, the likeliest first, with probabilities that add up to 1."""
    scores = dict(_identifier().rank(text))  # type: ignore[no-untyped-call] # as all of py3langid
    chosen = [(language, scores.get(language, 0.0)) for language in candidates]
    total = sum(score for _, score in chosen) or 1.0
    return sorted(((language, score / total) for language, score in chosen), key=lambda pair: -pair[1])


@cache
def _identifier() -> LanguageIdentifier:
    """The model of all its languages; reading it takes half a second, so only who needs it waits."""
    identifier: LanguageIdentifier = LanguageIdentifier.from_model_file(  # type: ignore[no-untyped-call]
        MODEL_FILE, norm_probs=True
    )
    return identifier
