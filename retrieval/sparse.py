"""BM25 as sparse vectors: term weights of documents here, inverse document frequency in the store."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from retrieval.analysis import Analyser, analyser
from retrieval.language import usual
from retrieval.points import Sparse

VERSION = "2"
"""Part of every fingerprint: raise it when a text would get another vector, and all is indexed anew."""

AVERAGE_LENGTH = 120
"""Tokens of an average chunk, for BM25's length normalisation: that of chunks of 400 to 1,200 characters."""

_K1, _B = 1.2, 0.75

_ORDERED = frozenset({"ca", "en", "es", "fr", "it", "pt", "ro", "vi"})
"""Languages in which the order of words is so fixed that neighbours in a query are neighbours in what it is
about. In Vietnamese they are often but one word."""

_PAIR = 0.3
"""What a pair of neighbouring words weighs in a query, where a word weighs 1 (sequential dependence: Metzler
and Croft, 2005, "A Markov random field model for term dependencies")."""

_SPREAD, _MASK = 0x9E3779B1, 0x7FFFFFFF  # a hash of two tokens: multiplication by 2**32 / the golden ratio


class Keywords:
    """Makes the BM25 vectors of chunks and queries: k1 1.2, b 0.75, and the analysis of each language.

    Stems match within their language, and across two where a word has the same stem in both. May be called
    from several threads.
    """

    def __init__(self) -> None:
        self._analyser = cache(analyser)

    def document(self, text: str, language: str = "") -> Sparse:
        """The vector of a text to be found.

        Args:
            text: what is found.
            language: ISO 639-1; empty takes the usual one of the text's script.
        """
        language = language or usual(text)
        tokens = self._analyser(language).tokens(text)
        weights = _weights(Counter(tokens))
        if language in _ORDERED:
            weights |= _weights(Counter(_pairs(tokens)))
        return _sparse(weights)

    def query(self, text: str, languages: Sequence[str] = ()) -> Sparse:
        """The vector of a query: weight 1 for each token. Empty where it has no word that counts.

        Args:
            text: what is asked.
            languages: those that it may be in, the likeliest first; none means the usual one of its script. A
                stop word of the first one does not count in the others either.
        """
        first, *others = languages or (usual(text),)
        analysis = self._analyser(first)
        weights = self._query(text, first)
        if others:
            kept = " ".join(word for word in text.split() if analysis.counts(word))
            for language in others:
                weights = self._query(kept, language) | weights
        return _sparse(weights)

    def _query(self, text: str, language: str) -> dict[int, float]:
        analysis: Analyser = self._analyser(language)
        tokens = analysis.tokens(text)
        weights = dict.fromkeys(tokens, 1.0)
        if language in _ORDERED:
            weights = dict.fromkeys(_pairs(tokens), _PAIR) | weights
        return weights


def _weights(counts: Mapping[int, int]) -> dict[int, float]:
    """BM25's term weights, without the inverse document frequency."""
    length = sum(counts.values())
    norm = _K1 * (1 - _B + _B * length / AVERAGE_LENGTH)
    return {token: count * (_K1 + 1) / (count + norm) for token, count in counts.items()}


def _pairs(tokens: Sequence[int]) -> list[int]:
    """A token for each two neighbours; which of them comes first counts."""
    return [(first * _SPREAD + second) & _MASK for first, second in pairwise(tokens)]


def _sparse(weights: Mapping[int, float]) -> Sparse:
    return Sparse(list(weights), list(weights.values()))
