"""A listing: what a search finds, as it stands in the documents."""

from collections.abc import Sequence

from core.documents import Passage
from core.messages import Outcome
from workers.answering.abstention import abstain, named
from workers.answering.conclusion import Conclusion
from workers.answering.grounding.citations import cite
from workers.answering.grounding.evidence import Evidence
from workers.answering.grounding.gate import Statement
from workers.answering.live_values import plain

_MOST = 5


def best(passages: Sequence[Passage]) -> list[Passage]:
    """The best passage of each document, best first; a few of them."""
    by_document: dict[str, Passage] = {}
    for each in passages:
        by_document.setdefault(each.chunk.document_id, each)
    return list(by_document.values())[:_MOST]


def conclude(query: str, passages: Sequence[Passage], documents: int) -> Conclusion:
    """What a search found, each with what it says in quotation marks and its source."""
    if not passages:
        return Conclusion(Outcome.ABSTAINED, abstain(query, documents, ()))
    evidence = Evidence(passages)
    quotes = [evidence.support(query, number).quote for number in range(1, len(passages) + 1)]
    lines = [f"- “{plain(quote)}” [{number}]" for number, quote in enumerate(quotes, start=1)]
    text = "\n".join([f"The nearest to {named(query)}:", "", *lines])
    order = range(1, len(passages) + 1)
    statements = [Statement(quote, (number,)) for number, quote in enumerate(quotes, start=1)]
    return Conclusion(Outcome.ANSWERED, text, cite(statements, order, passages, evidence, query))
