"""What kind of thing a question asks for, and whether a sentence holds one that the question does not."""

import re
from collections.abc import Collection
from enum import StrEnum

from workers.models.extractive.words import stem, words


class Expectation(StrEnum):
    """The kind of thing that would answer. OTHER also stands for every language but English."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    REASON = "reason"
    STEPS = "steps"
    OTHER = "other"


_ASKS = (
    (
        Expectation.NUMBER,
        re.compile(
            r"\bhow (?:many|much|long|old|far|often|tall|large|big|high|fast|deep|wide|heavy|hot|cold)\b"
            r"|\bpercent|\b(?:what|which) (?:number|amount|percentage|proportion|fraction)\b",
            re.IGNORECASE,
        ),
    ),
    (
        Expectation.DATE,
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade|time|period)\b", re.IGNORECASE
        ),
    ),
    (
        Expectation.NAME,
        re.compile(
            r"\bwho(?:m|se)?\b|\bwhere\b|\bwhat (?:is|was) the name\b"
            r"|\b(?:what|which) (?:person|company|city|country|state|town|place|location|region)\b",
            re.IGNORECASE,
        ),
    ),
    (Expectation.REASON, re.compile(r"\bwhy\b|\b(?:what|which) (?:caused?s?|reasons?)\b", re.IGNORECASE)),
    (
        Expectation.STEPS,
        re.compile(
            r"\bhow (?:do|does|can|could|should|would|to|must|may)\b|\b(?:what|which) (?:steps|commands?)\b",
            re.IGNORECASE,
        ),
    ),
)
_NUMBER = re.compile(
    r"\b\w*\d\w*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand"
    r"|million|billion|half|third|quarter|twice|once|both|several|none|first|second)\b",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d\d|\d{1,2}(?:st|nd|rd|th)|january|february|march|april|may|june|july|august|september"
    r"|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|century|centuries"
    r"|decade|day|week|month|year|hour|minute|second|daily|weekly|midnight|noon|today|era|spring|summer"
    r"|autumn|fall|winter|bce?|ad|ce)s?\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|due|so that|in order|therefore|reason|as a result|caus\w*|result\w*|thus|hence|to"
    r"|leads?|led|for)\b",
    re.IGNORECASE,
)
_STEPS = re.compile(
    r"`|\b(?:use|call|set|run|pass|add|create|open|click|install|choose|select|send|press)\b", re.IGNORECASE
)

UNDECIDED = 0.5


def expectation(question: str) -> Expectation:
    """What a question asks for, by its English question words."""
    return next((kind for kind, asks in _ASKS if asks.search(question)), Expectation.OTHER)


def meets(kind: Expectation, sentence: str, known: Collection[str]) -> float:
    """Whether a sentence holds what is asked for: 1 yes, 0 no, UNDECIDED where it cannot be told.

    Args:
        kind: what is asked for.
        sentence: what may hold it.
        known: stems of the question's words, which cannot be its answer.
    """
    match kind:
        case Expectation.NUMBER:
            found = _NUMBER.findall(sentence)
        case Expectation.DATE:
            found = _DATE.findall(sentence)
        case Expectation.NAME:
            found = [word for place, word in enumerate(words(sentence)) if place and word[0].isupper()]
        case Expectation.REASON:
            return float(bool(_REASON.search(sentence)))
        case Expectation.STEPS:
            return float(bool(_STEPS.search(sentence)))
        case Expectation.OTHER:
            return UNDECIDED
    return float(any(stem(word) not in known for word in found))
