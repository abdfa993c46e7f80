"""The audience of a reply, as its platform knows it, and what it may not read that the asker may."""

from collections.abc import Mapping

from core.messages import Audience, Question
from core.transcripts import Channels
from retrieval.access import allowed
from retrieval.search import Query
from workers.answering.process import Process

_ALONE = "alone"


def widen(question: Question, channels: Mapping[str, Channels]) -> Question:
    """The question with all reader groups to which everybody belongs who can see its reply."""
    platform = channels.get(question.address.platform)
    if platform is None:
        return question
    return question.model_copy(update={"audience": platform.audience(question)})


def count_withheld(question: Question, query: str, process: Process) -> int:
    """How many documents fit that the asker may read, but not everyone who can see the reply.

    As many passages are looked at as a prompt takes: what fits less well would not be shown either.
    """
    alone = _alone(question, process.channels)
    if alone in (None, question.audience):
        return 0
    limit, sources = process.settings.context_passages, question.manner.sources
    found = process.search.find(Query(query, alone, limit=limit, source_ids=sources))
    withheld = [each.chunk for each in found if not allowed(each.chunk, question.audience)]
    return len({(chunk.source_id, chunk.document_id) for chunk in withheld})


def _alone(question: Question, channels: Mapping[str, Channels]) -> Audience | None:
    """The audience of a reply that the asker alone would see, as their platform knows it."""
    platform = channels.get(question.address.platform)
    if platform is None or question.address.handle:
        return None
    address = question.address.model_copy(update={"handle": _ALONE})
    return platform.audience(question.model_copy(update={"address": address, "audience": Audience()}))
