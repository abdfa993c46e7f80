"""What the given passages say in support of a statement, by the content words that they share.

Words are compared by their first letters, a stemming that needs no language; runs of scripts that are written
without blanks are compared by pairs of characters.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from core.documents import Passage
from workers.answering.grounding import markers
from workers.sentences import sentences

_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{2,}")
_QUOTE_SIGN = re.compile(r"^[ \t]*> ?", re.MULTILINE)
_BULLET = re.compile(r"\A\s*[-*+] ")
_STEM = 6
# Shorter words are mostly grammar in languages with Latin, Greek or Cyrillic letters; figures always count.
_SHORTEST = 4
_LONGEST_QUOTE = 600
_HEADING = re.compile(r"^[ \t]*#+[ \t]*\Z", re.MULTILINE)
# Two sentences are quoted instead of one only for this much more of the statement's words.
_WORTH_TWO = 0.2
_LONGEST_GAP = 8


def content_words(text: str) -> frozenset[str]:
    """The stems of a text's content words."""
    found: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if _UNSPACED.search(word):
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        elif len(word) >= _SHORTEST or not word.isalpha():
            found.add(word[:_STEM])
    return frozenset(found)


def unquoted(text: str) -> str:
    """The words of a block quote or of a list item, without its signs."""
    sign = _QUOTE_SIGN if text.lstrip().startswith(">") else _BULLET
    return sign.sub("", text).strip()


@dataclass(frozen=True, slots=True)
class Support:
    """A passage's best span for a statement.

    `quote` stands in the passage to the letter; `share` is the part of the statement's content words that the
    quote has, from 0 to 1.
    """

    number: int
    quote: str
    share: float


@dataclass(frozen=True, slots=True)
class Quotable:
    """`text[start:end]` of a passage, and its content words."""

    start: int
    end: int
    words: frozenset[str] = frozenset()


class _Source:
    """One passage, split when it is first asked."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage
        self.text = passage.chunk.text
        self._language = passage.chunk.language or "en"

    @cached_property
    def sentences(self) -> list[Quotable]:
        """Its sentences; headings only where there is nothing else."""
        spans = sentences(self.text, self._language)
        said = [span for span in spans if not _HEADING.search(self.text, 0, span.start)] or spans
        return [
            Quotable(span.start, span.end, content_words(self.text[span.start : span.end])) for span in said
        ]

    @cached_property
    def pairs(self) -> list[Quotable]:
        """Each two sentences of one block that follow one another."""
        return [
            Quotable(one.start, two.end, one.words | two.words)
            for one, two in pairwise(self.sentences)
            if "\n\n" not in self.text[one.end : two.start] and two.start - one.end <= _LONGEST_GAP
        ]

    def best(self, wanted: frozenset[str], among: list[Quotable]) -> tuple[float, str]:
        """The share of the wanted words that the best of some quotable spans has, and its text."""
        scored = [
            (len(wanted & each.words) / max(1, len(wanted)), each.start - each.end, each) for each in among
        ]
        share, _, best = max(scored, key=lambda each: each[:2], default=(0.0, 0, Quotable(0, len(self.text))))
        return share, self.text[best.start : best.end]


class Evidence:
    """The numbered passages of one answer, as a place to look for support."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._sources = [_Source(passage) for passage in passages]

    def add(self, passages: Sequence[Passage]) -> None:
        """Take more passages, numbered behind those that are there."""
        self._sources += [_Source(passage) for passage in passages]

    def passage(self, number: int) -> Passage:
        """The passage of this number."""
        return self._sources[number - 1].passage

    def __len__(self) -> int:
        return len(self._sources)

    def locate(self, quoted: str, number: int) -> str:
        """Quoted words as they stand in passage `number`, to the letter; empty when they do not.

        Blanks and line ends may have been changed in the quoting.
        """
        words = quoted.split()
        if not words:
            return ""
        found = re.search(r"\s+".join(map(re.escape, words)), self._sources[number - 1].text)
        return found.group() if found else ""

    def attributed(self, line: str) -> tuple[str, list[int]]:
        """Split a block quote or a summary's line into what it says and the numbers at its end that are ours.

        Quoted words may themselves end with what looks like a marker; they keep it.
        """
        body, last = markers.split_last(line, one=True)
        if len(last) == 1 and last[0] <= len(self) and self.locate(unquoted(body), last[0]):
            return body, last
        return markers.split_last(line)

    def support(self, statement: str, number: int) -> Support:
        """The span of passage `number` that supports a statement best: one sentence, or two if worth it."""
        wanted = content_words(markers.remove(statement))
        source = self._sources[number - 1]
        share, quote = source.best(wanted, source.sentences)
        wider, pair = source.best(wanted, source.pairs)
        if wider >= share + _WORTH_TWO:
            share, quote = wider, pair
        return Support(number, _short(quote), share)

    def strongest(self, statement: str) -> Support | None:
        """The best support that any passage has for a statement; None without passages."""
        every = [self.support(statement, number) for number in range(1, len(self) + 1)]
        return max(every, key=lambda each: each.share, default=None)


def _short(quote: str) -> str:
    """The beginning of a quote, when it is long: still to the letter."""
    if len(quote) <= _LONGEST_QUOTE:
        return quote
    return quote[:_LONGEST_QUOTE].rsplit(None, 1)[0]
