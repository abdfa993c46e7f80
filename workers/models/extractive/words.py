"""Words as the extractive model counts them: which ones carry meaning, and which are the same."""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

_WORD = re.compile(r"\w+")
# Scripts that are written without spaces; their runs are counted as pairs of letters.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+"
)
_STEM = 5
# "How long" asks for a time; nothing long need stand beside the answer.
_MEASURE = re.compile(
    r"\bhow (?:long|old|far|often|tall|large|big|high|fast|deep|wide|heavy)\b", re.IGNORECASE
)

# English, and the words that only name the kind of thing that is asked for.
_FUNCTION_WORDS = frozenset(
    """
    a about all also an and any are as at be because been being between both but by can could did do does
    doing done for from get gets had has have having he her here hers him his how i if in into is it its
    itself just me more most much many my no nor not of on once one only or other our out over own same she
    should so some such than that the their them then there these they this those through to too under until
    up us was we were what when where which while who whom whose why will with would you your name type kind
    """.split()  # noqa: SIM905 - a list of 130 literals is harder to read
)


def words(text: str) -> list[str]:
    """Every word of a text as it is written; a run of a script without spaces gives its pairs of letters."""
    found: list[str] = []
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isascii() or not _UNSPACED.search(word):
            found.append(word)
            continue
        for run in _UNSPACED.findall(word):
            found += [a + b for a, b in pairwise(run)] or [run]
        found += [rest for rest in _UNSPACED.split(word) if rest]
    return found


def stem(word: str) -> str:
    """The part of a word that its forms share.

    A plural's final s is dropped, in the manner of Harman's S stemmer (1991, "How effective is suffixing?"),
    then the first five letters are kept: truncation, which needs no rules for any language (McNamee, Nicholas
    and Mayfield, 2009, "Addressing morphological variation in alphabetic languages").
    """
    word = word.casefold()
    if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):  # noqa: PLR2004 - "bus", "gas"
        word = word[:-1]
    return word[:_STEM]


def content(text: str) -> list[str]:
    """Stems of the words that are not English function words, in order, repetitions kept."""
    return [stem(word) for word in words(text) if word.casefold() not in _FUNCTION_WORDS]


def asked(question: str) -> list[str]:
    """The distinct stems that a question is about; of one made of function words alone, all its words."""
    return list(
        dict.fromkeys(content(_MEASURE.sub("how", question)) or [stem(word) for word in words(question)])
    )


def names(question: str) -> list[str]:
    """Stems of a question's words with a capital, the first word apart, or a digit in them."""
    found = words(question)
    return [
        stem(word)
        for place, word in enumerate(found)
        if any(letter.isdigit() for letter in word) or (place and word[0].isupper())
    ]


def weights(stems: Iterable[str], texts: Sequence[AbstractSet[str]]) -> dict[str, float]:
    """How telling each stem is among these texts: ln((n + 1) / (df + 0.5)), Robertson's form, never negative.

    A stem that stands in none of them weighs most: it is what the texts lack.
    """
    return {each: math.log((len(texts) + 1) / (sum(each in text for text in texts) + 0.5)) for each in stems}


def coverage(telling: Mapping[str, float], *texts: Collection[str]) -> float:
    """The share, 0 to 1, of a question's weight that these texts have together."""
    total = sum(telling.values())
    found = sum(weight for each, weight in telling.items() if any(each in text for text in texts))
    return found / total if total else 0.0
