"""Citations: each shown number's passage, with the span of it that supports the answer."""

from collections.abc import Sequence

from core.documents import Chunk, Passage
from core.messages import Citation
from workers.answering.grounding.evidence import Evidence
from workers.answering.grounding.gate import Statement
from workers.sentences import BlockKind, blocks


def cite(
    statements: Sequence[Statement],
    order: Sequence[int],
    passages: Sequence[Passage],
    evidence: Evidence,
    question: str,
) -> tuple[Citation, ...]:
    """A citation for each shown number, with a quote that stands in its passage to the letter.

    The quote is what the answer itself quotes; else the span that supports a citing statement best; else,
    where they share no word, as across languages, the span nearest to the question.
    """
    return tuple(
        _citation(shown, passages[number - 1], _quote(shown, number, statements, evidence, question))
        for shown, number in enumerate(order, start=1)
    )


def _quote(
    shown: int, number: int, statements: Sequence[Statement], evidence: Evidence, question: str
) -> str:
    citing = [each for each in statements if shown in each.numbers]
    for statement in citing:
        if quote := evidence.locate(statement.quoted, number):
            return quote
    best = max((evidence.support(each.text, number) for each in citing), key=lambda each: each.share)
    return best.quote if best.share else evidence.support(question, number).quote


def _heading(chunk: Chunk, at: int) -> str:
    """The heading nearest above a place in a chunk, which may hold several sections; empty if the title."""
    text = chunk.text
    above = [
        text[block.start : block.end]
        for block in blocks(text)
        if block.kind is BlockKind.HEADING
        and block.start <= at
        and text[: block.start].rstrip().endswith("#")
    ]
    nearest = [*chunk.heading[-1:], *above][-1:]
    return "" if nearest == [chunk.title] else "".join(nearest)


def _citation(shown: int, passage: Passage, quote: str) -> Citation:
    chunk = passage.chunk
    return Citation(
        n=shown,
        title=chunk.credited,
        source=chunk.link,
        quote=quote,
        heading=_heading(chunk, chunk.text.find(quote)),
        document_id=chunk.document_id,
        date=chunk.date,
    )
