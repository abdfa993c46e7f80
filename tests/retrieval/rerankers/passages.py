"""Passages to rank."""

from core.documents import Chunk, Passage


def passages(*texts: str) -> list[Passage]:
    """Passages of these texts, in the order in which search found them."""
    return [
        Passage(
            Chunk(str(place), f"{place}.md", "docs", "Page", (), text, "/page", 0, 0, ("everyone",)),
            score=1.5 - place / 100,
            scores={"dense": 0.5},
        )
        for place, text in enumerate(texts)
    ]


def order(ranked: list[Passage]) -> list[int]:
    """The places before, in the order of now."""
    return [int(passage.chunk.id) for passage in ranked]
