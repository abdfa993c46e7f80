"""Near-duplicates: documents of one source that say the same, of which one is enough."""

import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import numpy as np
from datasketch import MinHash, MinHashLSH  # type: ignore[import-untyped]
from numpy.typing import NDArray

from core.documents import Document
from retrieval.loaders import Skipped, Unchanged

SIMILAR = 0.9
"""The share of common runs of words (Jaccard similarity) from which two documents say the same. In a document
of 500 words that is about ten words changed."""

RUN = 5
"""Words of a run."""

FEWEST_WORDS = 20
"""A shorter document is never a duplicate: there, one word is much of what it says."""

_PERMUTATIONS = 128
_BANDS, _ROWS = 16, 8  # finds a pair of similarity 0.9 with a probability of 0.9999; checked again below
_WORD = re.compile(r"\w+")
_FIGURE = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A document that later ones are compared with."""

    document_id: str
    title: str
    signature: MinHash


class Duplicates:
    """Leaves out documents that say the same as one that came before. For one pass over one source.

    Sources are read in an order of their own, so the same documents are left out at each sync; and when the
    one that stood for them is gone, the next one comes in.

    Two documents say the same when at least SIMILAR of their runs of words are common, and all of these are
    equal: their figures (a price that changed is news), their readers, their dates, and their titles, unless
    one of them is called after its file. Records are never compared: a row differs by little and counts.
    """

    def __init__(self) -> None:
        self._permutations = MinHash(_PERMUTATIONS).permutations
        self._alike = MinHashLSH(num_perm=_PERMUTATIONS, params=(_BANDS, _ROWS))
        self._kept: list[_Kept] = []

    def without(
        self, found: Iterable[Document | Skipped | Unchanged]
    ) -> Iterator[Document | Skipped | Unchanged]:
        """Pass on what a source holds, with a reason in the place of each near-duplicate."""
        for item in found:
            document = item.document if isinstance(item, Unchanged) else item
            if isinstance(document, Document) and not document.fields:
                earlier = self._earlier(document)
                yield Skipped(document.id, f"near-duplicate of {earlier}") if earlier else item
            else:
                yield item

    def _earlier(self, document: Document) -> str:
        """The id of a document that says the same, or nothing; then this one is remembered."""
        words = _WORD.findall(document.text.casefold())
        if len(words) < FEWEST_WORDS:
            return ""
        signature = MinHash(
            _PERMUTATIONS,
            hashfunc=int,
            permutations=self._permutations,
            scheme="affine32",
        )
        signature.update_batch(_runs(words).tolist())
        group = _group(document)
        alike: Iterable[_Kept] = (
            self._kept[number] for owner, number in self._alike.query(signature) if owner == group
        )
        title = _title(document)
        for kept in sorted(alike, key=lambda kept: kept.document_id):
            same_title = not title or not kept.title or title == kept.title
            if same_title and signature.jaccard(kept.signature) >= SIMILAR:
                return kept.document_id
        self._alike.insert((group, len(self._kept)), signature)
        self._kept.append(_Kept(document.id, title, signature))
        return ""


def _runs(words: list[str]) -> NDArray[np.uint32]:
    """A checksum of each run of words."""
    each = np.fromiter(map(zlib.crc32, map(str.encode, words)), np.uint32, len(words))
    count = len(words) - RUN + 1
    runs = np.zeros(count, dtype=np.uint32)
    for place in range(RUN):  # a polynomial in the words' checksums, modulo 2 ** 32
        runs = runs * np.uint32(0x01000193) + each[place : place + count]
    return runs


def _group(document: Document) -> tuple[object, ...]:
    """What has to be equal: readers, date, and a checksum of the figures in their order."""
    figures = " ".join(_FIGURE.findall(document.text))
    return (tuple(sorted(document.readers)), document.date, zlib.crc32(figures.encode()))


def _title(document: Document) -> str:
    """A document's title, or nothing where it is only the name of its file."""
    return "" if document.title == PurePosixPath(document.id).name else document.title.casefold()
