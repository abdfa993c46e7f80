"""Abstention: what is said when the documents do not answer. It says what was searched and claims nothing."""

import re
from collections.abc import Iterable

from core.documents import Passage

_TITLES = 3
_LONGEST = 200


def abstain(query: str, documents: int, nearest: Iterable[Passage]) -> str:
    """The plain text of "I don't know".

    Args:
        query: what was searched for.
        documents: how many documents this audience may read.
        nearest: passages that this audience may read, best first; their titles are named.
    """
    if not documents:
        return "I don't know: there are no documents yet that I may answer from here."
    searched = "the one document" if documents == 1 else f"{documents:,} documents"
    text = (
        "I don't know: I found no answer to this in the documents.\n\n"
        f"I searched {searched} that I may answer from here for {named(query)}."
    )
    titles = list(dict.fromkeys(named(passage.chunk.title) for passage in nearest))[:_TITLES]
    if titles:
        text += f" The nearest, which may not be about it: {', '.join(titles)}."
    return text


def no_such_document(name: str, nearest: Iterable[Passage]) -> str:
    """The plain text for a document that was to be summarised and is not there."""
    text = f"I don't know a document called {named(name)} that I may read here."
    titles = list(dict.fromkeys(named(passage.chunk.title) for passage in nearest))[:_TITLES]
    return f"{text} The nearest: {', '.join(titles)}." if titles else text


def named(words: str) -> str:
    """Words of somebody else's in quotation marks: on one line, short, and without brackets of ours."""
    plain = re.sub(r"[\[\]【】`“”]", "", " ".join(words.split()))
    return f"“{plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + '…'}”"
