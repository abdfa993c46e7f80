"""Analysis: how a text of one language becomes the tokens of keyword search.

Three ways, by language. Words, stemmed by Snowball where it has rules, cut to their first five letters in
other languages that inflect much, or else as they are. Segments that a dictionary finds, where words are not
parted by spaces or consist of more than what Unicode calls letters. Pairs of letters, where neither helps.
"""
# ruff: noqa: RUF001 - letters of other scripts are meant as they are

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Protocol

from qdrant_edge import Bm25, Bm25Config, DisabledStemmer, Language, StopwordsSet, TokenizerType

from retrieval.letters import folded

_SNOWBALL = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_STOP_WORDS = {"az": Language.Azerbaijani, "ca": Language.Catalan, "eu": Language.Basque,
               "he": Language.Hebrew, "id": Language.Indonesian}  # fmt: skip

_CUT = frozenset("be bg cs et hr kk ky lt lv mk mn pl sk sl sq sr tg uk".split())  # noqa: SIM905
_CUT_LETTERS = 5
"""McNamee, Nicholas and Mayfield, 2009, "Addressing morphological variation in alphabetic languages"."""

_SEGMENTED = frozenset("am bn gu hi ja kn ml mr ne pa si ta te th zh".split())  # noqa: SIM905
_PAIRED = frozenset({"km", "ko", "lo", "my"})

_WORD = re.compile(r"[^\W_]+")
_REMEMBERED = 100_000
_PERSIAN_ENDINGS = re.compile(r"(?<=...)(?:هایی|های|ها|ترین|تر|ی)$")


class Analyser(Protocol):
    """Turns texts of one language into tokens, which are numbers of 31 bits."""

    def tokens(self, text: str) -> Sequence[int]:
        """The tokens of a text, stop words left out; in order, as far as `ordered` says."""
        ...

    def counts(self, text: str) -> bool:
        """Whether a word has a token: whether it is no stop word."""
        ...


class Words:
    """Words parted by what is no letter or digit, each turned into a token of its own."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._prepare = _preparation(language)
        self._model = _word_model(language)
        self._token = lru_cache(_REMEMBERED)(self._tokens_of)

    def tokens(self, text: str) -> list[int]:
        """Tokens in the order of their words."""
        found: list[int] = []
        for word in self._prepare(folded(text, self._language)):
            found.extend(self._token(word))
        return found

    def counts(self, text: str) -> bool:  # noqa: D102 see Analyser
        return any(self._token(word) for word in self._prepare(folded(text, self._language)))

    def _tokens_of(self, word: str) -> tuple[int, ...]:
        return tuple(self._model.embed_query(word).indices)


class Segments:
    """Segments found by dictionaries (Chinese, Japanese, Thai) or by Unicode's rules for words."""

    def __init__(self, language: str) -> None:
        self._language = language
        # With k1 of 1 and no length normalisation a value is 2 tf / (tf + 1): it tells how often.
        self._model = Bm25(
            Bm25Config(
                k=1.0,
                b=0.0,
                tokenizer=TokenizerType.Multilingual,
                stemmer=DisabledStemmer(),
                stopwords=StopwordsSet(set(), set()),
            )
        )

    def tokens(self, text: str) -> list[int]:
        """Tokens, the same ones together."""
        vector = self._model.embed_document(folded(text, self._language))
        found: list[int] = []
        for token, value in zip(vector.indices, vector.values, strict=True):
            found.extend([token] * round(value / (2 - value)))
        return found

    def counts(self, text: str) -> bool:  # noqa: ARG002, D102 see Analyser
        return True


def analyser(language: str) -> Analyser:
    """The analyser of a language (ISO 639-1)."""
    return Segments(language) if language in _SEGMENTED else Words(language)


def _word_model(language: str) -> Bm25:
    """What turns a word into a token: lower case, stop words, stem."""
    if language in _SNOWBALL:
        return Bm25(Bm25Config(language=_SNOWBALL[language]))
    known = {_STOP_WORDS[language]} if language in _STOP_WORDS else set()
    return Bm25(Bm25Config(stemmer=DisabledStemmer(), stopwords=StopwordsSet(known, set())))


def _preparation(language: str) -> Callable[[str], Iterator[str]]:
    if language in _PAIRED:
        return _letter_pairs
    if language in _CUT:
        return lambda text: (word[:_CUT_LETTERS] for word in _words(text))
    if language == "fa":
        return lambda text: (_PERSIAN_ENDINGS.sub("", word) for word in _words(text))
    return _words


def _words(text: str) -> Iterator[str]:
    return iter(_WORD.findall(text))


def _letter_pairs(text: str) -> Iterator[str]:
    """Each two neighbouring letters with their marks; a word of other letters than these stays whole."""
    for run in re.findall(r"\S+", text):
        if run.isascii():
            yield from _words(run)
            continue
        letters: list[str] = []
        for character in run:
            if unicodedata.category(character).startswith("M") and letters:
                letters[-1] += character
            elif character.isalnum():
                letters.append(character)
        yield from (a + b for a, b in pairwise(letters)) if len(letters) > 1 else letters
