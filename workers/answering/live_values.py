"""Live values in an answer: what a reply that states them has to say, added where the model left it out."""

import re
from collections.abc import Sequence

from core.tools import Fact
from workers.answering.grounding.evidence import content_words
from workers.answering.grounding.figures.stated import stated

_LONGEST = 400
_SAID = 0.6
"""The share of a remark's content words from which a text has said it itself."""


def caveats(text: str, facts: Sequence[Fact]) -> tuple[str, ...]:
    """Markdown for below an answer: day and source of each value, that it is stale, what it is not.

    Args:
        text: the answer as the model wrote it.
        facts: the live values that it states.
    """
    lines = [_attribution(fact, several=len(facts) > 1) for fact in facts if not _attributed(text, fact)]
    lines += [
        f"This value is stale: {fact.stale}" for fact in facts if fact.stale and not _says(text, fact.stale)
    ]
    lines += [fact.caution for fact in facts if fact.caution and not _says(text, fact.caution)]
    return tuple(f"_{plain(line)}_" for line in dict.fromkeys(lines))


def plain(line: str) -> str:
    """Somebody else's words on one line that ends with a full stop, with nothing in them that is Markdown."""
    words = re.sub(r"[\[\]【】`_*<>~|]", " ", line)
    words = " ".join(words.split())
    words = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    return words if words.endswith((".", "!", "?", "…")) else f"{words}."


def _attribution(fact: Fact, *, several: bool) -> str:
    value = f"{fact.value} {fact.unit}".strip()
    what = f"{fact.label}: {value}" if several else value
    day = f" as of {fact.as_of.isoformat()}" if fact.as_of else ""
    return f"{what}{day}. Source: {fact.source}" if fact.source else f"{what}{day}"


def _attributed(text: str, fact: Fact) -> bool:
    """Whether a text says of which day a value is, and who publishes it."""
    day = fact.as_of
    dated = day is None or any(
        each.within(day) and all(all(reading) for reading in each.readings) for each in stated(text).dates
    )
    return dated and fact.source.casefold() in text.casefold()


def _says(text: str, remark: str) -> bool:
    wanted = content_words(remark)
    return len(wanted & content_words(text)) >= _SAID * len(wanted)
