"""Sentences that give the assistant orders about itself, by their wording, in a few languages."""

import re

from workers.sentences import sentences

_WHAT = (
    r"(?:instructions?|prompts?|rules|guidelines|directions?|directives|commands|constraints|restrictions"
    r"|filters|programming|training|anweisungen|regeln|vorgaben|consignes|instrucciones|reglas|istruzioni)"
)
_WHOSE = (
    r"(?:previous|prior|above|earlier|preceding|initial|original|system|safety|your|all|any|given|these"
    r"|vorherigen|bisherigen|alle|deine|ihre|tes|vos|toutes|précédentes|anteriores|tus|todas)"
)
_GIVE_UP = (
    r"(?:ignore|disregard|forget|override|bypass|drop|discard|do\ not\ follow|don't\ follow|stop\ following"
    r"|ignorier\w{0,3}|vergiss|vergessen|missachte|ignorez|oublie\w{0,2}|ignora|olvida|dimentica)"
)
_ORDERS = tuple(
    re.compile(pattern, re.IGNORECASE | re.VERBOSE | re.MULTILINE)
    for pattern in (
        rf"\b{_GIVE_UP}\b[^.!?\n]{{0,40}}\b{_WHOSE}\b[^.!?\n]{{0,40}}\b{_WHAT}\b",
        (
            rf"\b{_GIVE_UP}\b[^.!?\n]{{0,15}}\b(?:everything|anything|what)\b[^.!?\n]{{0,30}}"
            r"\b(?:told|said|above|before|instructed)\b"
        ),
        (
            rf"\b(?:reveal|print|repeat|output|leak|disclose|expose|dump)\b[^.!?\n]{{0,30}}\b(?:your|the|all)\b"
            rf"[^.!?\n]{{0,20}}\b(?:system|hidden|initial|secret|original)\b[^.!?\n]{{0,15}}\b{_WHAT}\b"
        ),
        (
            r"\b(?:AI|A\.I\.|assistants?|chat\s?bots?|language\ models?|LLMs?)\b[^.!?\n]{0,40}"
            r"\b(?:reading|processing|summari[sz]ing|seeing|answering|handling)\ (?:this|these|it)\b"
        ),
        (
            r"\b(?:note|message|attention|instructions?|important)\b[^.!?\n]{0,12}\b(?:to|for)\ (?:the\ "
            r"|any\ |all\ )?"
            r"(?:(?:AI|assistants?|chat\s?bots?|language\ models?|LLMs?|agents?)\b\s{0,2}){1,2}[:,-]"
        ),
        (
            r"\b(?:tell|instruct|direct|urge|ask)\ (?:the|every|each|any)\ (?:user|asker|reader|employee"
            r"|person)s?\b"
            r"[^.!?\n]{0,20}\b(?:to|that|they)\b"
        ),
        r"\byou\ (?:are\ now|will\ now|shall\ now)\b",
        r"\bfrom\ now\ on\b[^.!?\n]{0,10}\b(?:you|answer|reply|respond|obey|act)\b",
        (
            r"<\|[a-z_]{2,20}\|>|\[/?INST\]|<</?SYS>>|^\s{0,3}\#{2,3}\s{0,2}(?:system"
            r"|instruction)\b\s{0,2}:?\s{0,2}$"
        ),
        r"^\s{0,3}(?:system|developer|admin(?:istrator)?)(?:\ (?:message|override|prompt|note))?\s{0,2}:\s",
    )
)

_LEFT_OUT = "[an order to the assistant was left out here]"


def gives_orders(sentence: str) -> bool:
    """Whether a sentence gives the assistant an order about itself or about its reader."""
    return any(pattern.search(sentence) for pattern in _ORDERS)


def cut(text: str, put: str = _LEFT_OUT) -> tuple[str, int]:
    """The text without the sentences that give orders, and how many these were.

    Args:
        text: a question or a passage.
        put: what stands in their place.
    """
    if not gives_orders(text):
        return text, 0
    pieces: list[str] = []
    count = at = 0
    for span in sentences(text, "en"):
        if gives_orders(text[span.start : span.end]):
            pieces += [text[at : span.start], put]
            at = span.end
            count += 1
    if not count:  # the order runs over more than one sentence: nothing of the text is trusted
        return put, 1
    return "".join([*pieces, text[at:]]), count
