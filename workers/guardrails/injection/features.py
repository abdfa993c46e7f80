"""What the injection rule sees of a text: hashed character n-grams and words, counted."""

import itertools
import re
import unicodedata
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 17
"""How many features there are. Half are for character n-grams, half for words and pairs of words."""

_HALF = BUCKETS // 2
_SIZES = (3, 4, 5)
# The multiplier of Knuth's multiplicative hash (TAOCP 6.4), and an odd one to roll characters with.
_KNUTH, _ROLL = np.uint32(2654435761), np.uint32(16777619)
_WORD = re.compile(r"\w+|[^\w\s]")
_SHIFT = np.uint32(8)

Counts = tuple[NDArray[np.int64], NDArray[np.float32]]


def features(text: str) -> Counts:
    """The features of a text, each with its weight; the weights have length 1.

    Counts are taken by their logarithm, so that a word that is repeated does not drown the rest.
    """
    plain = f" {' '.join(unicodedata.normalize('NFKC', text).casefold().split())} "
    characters = np.frombuffer(plain.encode("utf-32-le", errors="replace"), dtype=np.uint32)
    found = [_grams(characters, size) for size in _SIZES if len(characters) >= size]
    words = _WORD.findall(plain)
    pairs = [f"{one} {two}" for one, two in itertools.pairwise(words)]
    hashed = np.fromiter((crc32(each.encode(errors="replace")) for each in (*words, *pairs)), dtype=np.int64)
    buckets, counts = np.unique(np.concatenate([*found, _HALF + hashed % _HALF]), return_counts=True)
    weights = (1.0 + np.log(counts)).astype(np.float32)
    return buckets, weights / max(float(np.linalg.norm(weights)), 1e-9)


def _grams(characters: NDArray[np.uint32], size: int) -> NDArray[np.int64]:
    count = len(characters) - size + 1
    rolled = np.full(count, size, dtype=np.uint32)
    for at in range(size):
        rolled = rolled * _ROLL ^ characters[at : at + count]
    return ((rolled * _KNUTH) >> _SHIFT).astype(np.int64) % _HALF
