"""Follow-ups: questions that lean on the one before, told by their English words."""

import re
from collections.abc import Sequence

from core.messages import Exchange
from workers.models.extractive.words import content, words

_LEANS = re.compile(
    r"(?:and|also|or|but|so|then|what about|how about|what if|why|why not|how so|how come|since when"
    r"|until when|on|in|at|for|with|without|during|after|before|from|to|by|only|even|except|if so|if not"
    r"|more|else|anything else|what else|tell me more|go on|really|how long|how much|how many|how often"
    r"|when|where|who|which one|which ones)\b",
    re.IGNORECASE,
)
_ALWAYS = re.compile(
    r"(?:and|also|or|but|so|then|what about|how about|why not|how so|how come|what else|anything else"
    r"|tell me more|go on|which ones?|if so|if not)\b",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|he|him|his|she|hers?|those|these|this|that|the same|the other"
    r"|the former|the latter|there)\b",
    re.IGNORECASE,
)
_NOT_LEANING = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|do|does|did|has|have|had) there\b"
    r"|\bthere (?:is|are|was|were)\b|\b(?:this|these) (?:week|month|year|quarter|morning|evening|day)\w*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:]|\b(?:and|when|if|once|after|before|while|because|so that|that|which|who)\b", re.IGNORECASE
)


def stand_alone(question: str, history: Sequence[Exchange]) -> str:
    """The question so that it can be searched without the conversation.

    A follow-up is put behind the query of the exchange before it; anything else is returned as it is.

    Args:
        question: as the asker wrote it.
        history: earlier exchanges, oldest first.
    """
    if not history or not leans(question):
        return question
    return f"{history[-1].query} {question}"


def leans(question: str) -> bool:
    """Whether a question is understood only with the one before it."""
    asks = question.strip()
    meaning = content(asks)
    if not meaning or _ALWAYS.match(asks):
        return True
    if len(meaning) == 1 and (_LEANS.match(asks) or len(words(asks)) == 1):
        return True
    asks = _NOT_LEANING.sub("", asks)
    stands_for = _STANDS_FOR.search(asks)
    if not stands_for:
        return False
    before = asks[: stands_for.start()]
    if stands_for.group().casefold() in {"that", "this", "these", "those"}:
        return not content(before)
    clauses = _CLAUSE.split(before)
    return not any(content(clause) for clause in clauses[:-1])
