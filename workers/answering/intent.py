"""The intent of a question: is it about a text as a whole, which is to be summarised?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.documents import Chunk
from core.messages import Audience, Question, Task
from retrieval.access import allowed
from retrieval.search import Search

_ASKED = re.compile(
    r"\s*(?:please,?\s+)?(?:(?:can|could|would)\s+you\s+(?:please\s+)?)?"
    r"(?:summari[sz]e|sum\s+up|tl;?dr(?:\s+(?:of|for))?\s*:?"
    r"|(?:(?:give|write|show)\s+(?:me\s+)?)?(?:a\s+|the\s+)?(?:(?:short|brief|quick)\s+)?summary\s+(?:of|for))"
    r"\s+(?P<name>[^\n]{1,200}?)(?:[,\s]+please)?[\s.?!]*",
    re.IGNORECASE,
)
_THREAD = re.compile(r"(?:(?:this|the|our)\s+(?:thread|conversation|discussion|chat)|this)", re.IGNORECASE)
_ATTACHED = re.compile(
    r"(?:this|it|these|(?:this|the|these|my)\s+(?:attached\s+)?(?:files?|documents?|attachments?|pdfs?|sheets?))",
    re.IGNORECASE,
)
_KIND = r"(?:page|document|doc|file|article|chapter|guide)"
_DESCRIBED = re.compile(
    rf"(?:the\s+|our\s+)?(?:{_KIND}\s+(?:about|on|called|named|titled)\s+(?:the\s+)?)?(?P<name>.+?)(?:\s+{_KIND})?",
    re.IGNORECASE,
)


_QUOTES = " \"'`“”\u2018\u2019"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be summarised: a document by its chunks, or the thread itself.

    A document that was named but is not there, or not for this audience, has no chunks.
    """

    name: str
    thread: bool = False
    chunks: tuple[Chunk, ...] = ()


_CONVERSATION = Subject("this conversation", thread=True)


def find_subject(question: Question, search: Search, attached: Sequence[Chunk] = ()) -> Subject | None:
    """What the question wants summarised; None when it wants an answer.

    Words such as "summarize agent.md" count only when a document of that name is there: "summarize how
    retries work" is a question like any other. "Summarize this" means the files that came with it.
    """
    audience, sources = question.audience, question.manner.sources
    if question.task is Task.SUMMARIZE:
        if not question.subject:
            return _CONVERSATION
        found = search.document(question.subject, audience, sources)
        return Subject(question.subject, chunks=_readable(found, audience))
    return _asked_for(question, search, attached)


def _asked_for(question: Question, search: Search, attached: Sequence[Chunk]) -> Subject | None:
    audience, sources = question.audience, question.manner.sources
    asked = _ASKED.fullmatch(question.text)
    if not asked:
        return None
    name = asked["name"].strip(_QUOTES)
    if attached and (_ATTACHED.fullmatch(name) or name.casefold() == attached[0].document_id.casefold()):
        return Subject(name, chunks=_readable(attached, audience))
    if _THREAD.fullmatch(name):
        return _CONVERSATION
    described = _DESCRIBED.fullmatch(name)
    for each in dict.fromkeys([name, described["name"].strip(_QUOTES) if described else name]):
        if chunks := _readable(search.document(each, audience, sources), audience):
            return Subject(each, chunks=chunks)
    return None


def _readable(chunks: Sequence[Chunk], audience: Audience) -> tuple[Chunk, ...]:
    return tuple(chunk for chunk in chunks if allowed(chunk, audience))
