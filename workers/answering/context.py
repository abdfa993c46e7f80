"""Fitting the context: which of the found passages the model is given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.documents import Chunk, Passage
from retrieval.access import Rights, allowed
from workers.answering.budget import AnsweringSettings, tokens
from workers.answering.disagreement import Disagreement, disagreements

_WORD = re.compile(r"\w+")
_SHINGLE = 3
# Share of the shorter text's word triples that stand in the longer one too, from which on it adds nothing.
_DUPLICATE = 0.85


@dataclass(frozen=True, slots=True)
class Context:
    """What was found and may be read, and which of it the model is given.

    Attributes:
        passages: for the prompt, best first; passage `n` of the answer is `passages[n - 1]`.
        candidates: all that this audience may read, best first.
        disagreements: which of the passages do not go together.
        notes: remarks for the trace.
    """

    passages: tuple[Passage, ...]
    candidates: tuple[Passage, ...]
    disagreements: tuple[Disagreement, ...] = ()
    notes: tuple[str, ...] = ()


def fit(
    found: Sequence[Passage],
    rights: Rights,
    settings: AnsweringSettings,
    attached: Sequence[Passage] = (),
) -> Context:
    """Choose passages: readable by this audience, best first, no near-duplicates, within the budget.

    A passage that does not fit is passed over for a shorter one; only the best is cut to the budget rather
    than left out. Those of attached files come before all that search found.
    """
    given = [each for each in attached if allowed(each.chunk, rights)]
    readable = sorted((each for each in found if allowed(each.chunk, rights)), key=lambda each: -each.score)
    candidates = [*given, *readable]
    chosen: list[Passage] = []
    seen: list[frozenset[tuple[str, ...]]] = []
    duplicates = 0
    left = settings.context_tokens
    for passage in candidates:
        if len(chosen) == settings.context_passages:
            break
        if not chosen:
            passage = replace(passage, chunk=_cut(passage.chunk, left))  # noqa: PLW2901  # the same passage, shorter
        size = tokens(passage.chunk.text)
        triples = _triples(passage.chunk.text)
        if any(_repeats(triples, other) for other in seen):
            duplicates += 1
        elif size <= left:
            chosen.append(passage)
            seen.append(triples)
            left -= size
    notes = []
    if withheld := len(found) - len(readable):
        notes.append(f"{withheld} of the passages found may not be read here and were left out")
    if duplicates:
        notes.append(f"{duplicates} near-duplicate passages were left out")
    apart = disagreements(chosen)
    notes += [f"passages {each.one + 1} and {each.other + 1}: {each.text}" for each in apart]
    return Context(tuple(chosen), tuple(candidates), apart, tuple(notes))


def _cut(chunk: Chunk, budget: int) -> Chunk:
    """The chunk's beginning that fits the budget, ending at a blank where there is one."""
    if tokens(chunk.text) <= budget:
        return chunk
    start = chunk.text.encode()[: budget * 4 - 4].decode(errors="ignore")
    return replace(chunk, text=start.rsplit(None, 1)[0])


def _triples(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))


def _repeats(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> bool:
    """Whether one of two texts says nothing new. One with another figure in it does."""
    alike = len(one & other) >= _DUPLICATE * min(len(one), len(other))
    return alike and (_figures(one) <= _figures(other) or _figures(other) <= _figures(one))


def _figures(triples: frozenset[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(word for triple in triples for word in triple if word[0].isdigit())
