"""Vectors of texts that are the same on every machine: texts with words in common are near each other."""

import hashlib
import math
import re


def vector(text: str, dimensions: int) -> list[float]:
    """A vector of length 1: each word of the text adds one to a place that its hash decides."""
    places = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()) or [text]:
        digest = hashlib.blake2b(word.encode(), digest_size=4).digest()
        places[int.from_bytes(digest) % dimensions] += 1.0
    length = math.sqrt(sum(value * value for value in places))
    return [value / length for value in places]


def overlap(query: str, text: str) -> float:
    """The share of a query's words that a text has, from 0 to 1."""
    asked = set(re.findall(r"\w+", query.lower()))
    return len(asked & set(re.findall(r"\w+", text.lower()))) / len(asked) if asked else 0.0
