"""What the cases of figures are about: a question, what the tools returned, and the documents."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.documents import Chunk
from core.tools import Fact, ToolResult
from tests.workers.answering.fakes import FIFTEEN, THIRTY, rate, said
from tests.workers.answering.parts import chunk

_ECB = "European Central Bank, euro foreign exchange reference rates"
_FIXED = date(2026, 11, 18)
_POLICY = """# Travel

The hotel limit is 155 euros a night, the meal limit 28 euros a day. Until March 2025 the hotel limit was 140
euros. Receipts are due within 14 days. The limits hold since 2025-03-01. The desk is open from 8:00 to 17:30,
and takes form A-12.

Attach:

- the bill
- the ticket
- the form

See page 4.
"""
_BUDGET = (
    "The budget for 2026 is $1.2 million, after $960,000 in 2025. 12% of it is for training and $600,000 for "
    "travel. The tool needs version 2.10.3."
)


@dataclass(frozen=True, slots=True)
class Scene:
    """A question, the results of the tools that it was asked with, and the documents in the order given."""

    question: str
    results: tuple[ToolResult, ...] = ()
    chunks: tuple[Chunk, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """What a model says in a scene; `kind` is what is wrong with it, or what it is about."""

    scene: str
    kind: str
    says: str


SCENES = {
    "both": Scene("What are mortgage rates now?", (said(THIRTY, FIFTEEN),)),
    "thirty": Scene("What is the 30-year rate now?", (said(THIRTY),)),
    "past": Scene(
        "How did the 30-year rate change since May 2024?",
        (said(THIRTY), said(rate(30, "7.02", date(2024, 5, 16)))),
    ),
    "stale": Scene(
        "What is the 30-year rate?",
        (said(rate(30, "6.81", date(2026, 10, 1), stale="older than 9 days: it is from 2026-10-01")),),
    ),
    "euro": Scene(
        "What is 250 USD in EUR? And 500 USD?",
        (
            said(
                Fact("250 USD in EUR", "231.48", "EUR", _FIXED, _ECB, caution="For information."),
                Fact("Euro reference rate, USD for 1 EUR", "1.0800", "USD per EUR", _FIXED, _ECB),
            ),
        ),
    ),
    "docs": Scene(
        "What may I spend on travel, hotel and meals for 2 nights, 3 nights, 5 days, from which budget?",
        chunks=(chunk(_POLICY, title="Travel policy"), chunk(_BUDGET, title="Budget for travel")),
    ),
}


def cases(which: str) -> Iterator[Case]:
    """The cases that are `planted` or `honest`."""
    every = json.loads((Path(__file__).parent / "cases.json").read_text(encoding="utf-8"))[which]
    for scene, kinds in every.items():
        for kind, texts in kinds.items():
            for text in texts:
                yield Case(scene, kind, text)
