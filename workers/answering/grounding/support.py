"""Whether a sentence says what its sources say: names, numbers, negations, and facts not merged out of two.

Each rule looks for a contradiction that can be pointed at, so that a sentence in other words passes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from core.documents import Passage
from workers.answering.grounding import markers
from workers.answering.grounding.evidence import content_words
from workers.sentences import sentences

# A name: code, or a word with a capital, an underscore, a dot or a digit inside; capitals at a sentence's
# start are no names.
_CODE = re.compile(r"`([^`\n]{1,100})`")
_NAME = re.compile(
    r"(?<![\w`])(?:[A-Za-z]\w{0,60}(?:[._][A-Za-z]\w{0,60}){1,8}|[A-Z]?[a-z]+[A-Z]\w{0,60}|[A-Z][A-Za-z0-9]{1,60})"
)
# German writes every noun with a capital, so there a capital names nothing.
_GERMAN = re.compile(
    r"\b(?:[Dd](?:er|ie|as|en|em)|[Uu]nd|ist|sind|gibt|wird|werden|nicht|für|mit|auf|von|zu|[Ee]ine?[nrms]?|im|am|aus)\b"
)
_NUMBER = re.compile(r"(?<![\w.])\d[\d,]{0,20}(?:\.\d{1,10}){0,4}%?")
_NOT = re.compile(
    r"(?i)\b(?:not|never|no|none|nor|cannot|without|neither|nothing|nobody|kein\w{0,2}|nicht|nie|ohne|pas|jamais"
    r"|unable|invalid|impossible|unavailable|unsupported|fails?\ to|instead\ of|\w{2,8}n't)\b|n’t\b"
)
_OPPOSITES = tuple(
    re.compile(rf"(?i)\b(?:{pair})\b")
    for pair in (
        r"(?P<a>enable[sd]?|enabling)|(?P<b>disable[sd]?|disabling)",
        r"(?P<a>allow(?:s|ed|ing)?|permit(?:s|ted)?)|(?P<b>forbid(?:s|den)?|prohibit(?:s|ed)?|den(?:y|ies|ied))",
        r"(?P<a>increase[sd]?|increasing|rises?|rose)|(?P<b>decrease[sd]?|decreasing|falls?|fell)",
        r"(?P<a>always)|(?P<b>never)",
        r"(?P<a>before)|(?P<b>after)",
        r"(?P<a>minimum|at\ least)|(?P<b>maximum|at\ most)",
        r"(?P<a>required|mandatory)|(?P<b>optional)",
        r"(?P<a>synchronous(?:ly)?)|(?P<b>asynchronous(?:ly)?)",
        r"(?P<a>true)|(?P<b>false)",
        r"(?P<a>includes?|including|included)|(?P<b>excludes?|excluding|excluded)",
        r"(?P<a>more)|(?P<b>less|fewer)",
        r"(?P<a>first)|(?P<b>last)",
        r"(?P<a>accepts?|accepted)|(?P<b>rejects?|rejected)",
        r"(?P<a>supports|supported)|(?P<b>unsupported)",
        r"(?P<a>public)|(?P<b>private)",
    )
)
_ANY_OPPOSITE = re.compile(
    "|".join(re.sub(r"\?P<[ab]>", "?:", each.pattern.removeprefix("(?i)")) for each in _OPPOSITES),
    re.IGNORECASE,
)
# A sentence is held against the source's sentence that has at least this share of its words.
_SAME = 0.6
# Facts are merged when no sentence, with its neighbour, has this share of the words that the source has.
_TOGETHER = 0.5
_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    words: frozenset[str]


class Sources:
    """The text that a sentence rests on, read once."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages

    @cached_property
    def text(self) -> str:
        """All of it, titles and headings included."""
        return "\n\n".join(
            "\n".join((each.chunk.title, *each.chunk.heading, each.chunk.text)) for each in self._passages
        )

    @cached_property
    def lower(self) -> str:
        """The same in small letters."""
        return self.text.casefold()

    @cached_property
    def flat(self) -> str:
        """The same on one line."""
        return " ".join(self.text.split())

    @cached_property
    def words(self) -> frozenset[str]:
        """Its content words."""
        return content_words(self.text)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Its numbers, as they are written."""
        return frozenset(each.replace(",", "").rstrip("%") for each in _NUMBER.findall(self.text))

    @cached_property
    def lines(self) -> list[_Line]:
        """Its sentences."""
        return [
            _Line(said, content_words(said))
            for each in self._passages
            for span in sentences(each.chunk.text, each.chunk.language or "en")
            if (said := each.chunk.text[span.start : span.end])
        ]


def faults(sentence: str, sources: Sources) -> list[str]:
    """What a sentence says that its sources do not, in words that help to mend it; empty when nothing."""
    text = " ".join(markers.remove(sentence).split())
    if not sources.text or text in sources.flat:
        return []
    found = [f"the name {each}" for each in _names(text) if each.casefold() not in sources.lower]
    found += [
        f"the number {each}"
        for each in _NUMBER.findall(text)
        if each.replace(",", "").rstrip("%") not in sources.numbers
    ]
    if not found:
        found = _contradictions(text, sources)
    return found


def _names(text: str) -> list[str]:
    """Names in a sentence: all code, and words that are written like names."""
    names = [each.strip() for each in _CODE.findall(text)]
    rest = _CODE.sub(" ", text)
    nouns = len(_GERMAN.findall(rest)) > 1
    for match in _NAME.finditer(rest):
        plain = match.group()
        inside = any(each.isupper() for each in plain[1:]) or "." in plain or "_" in plain
        if inside or not (nouns or _begins(rest, match.start())):
            names.append(plain)
    return list(dict.fromkeys(each for each in names if each))


def _begins(text: str, at: int) -> bool:
    """Whether a sentence, an item or a quotation begins here."""
    before = text[:at].rstrip(" *_\"'“(#>-")
    return not before or before[-1] in ".!?:;\n|"


def _contradictions(text: str, sources: Sources) -> list[str]:
    words = content_words(text)
    if len(words) < _ENOUGH:
        return []
    known = words & sources.words
    best = max(sources.lines, key=lambda line: (len(words & line.words), -len(line.words)), default=None)
    if best is None:
        return []
    share = len(words & best.words) / len(words)
    if share >= _SAME:
        if bool(_NOT.search(text)) != bool(_NOT.search(best.text)):
            return ["whether it is so or not"]
        if turned := _turned(text, best.text):
            return [f"the word {turned}"]
    pairs = [
        one.words | two.words
        for one, two in zip(sources.lines, [*sources.lines[1:], _Line("", frozenset())], strict=False)
    ]
    together = max((len(known & pair) for pair in pairs), default=0)
    if known and together < _TOGETHER * len(known):
        return ["that these facts belong together"]
    return []


def _turned(text: str, source: str) -> str:
    """A word of a sentence of which its source has the opposite, and it the source's; else empty."""
    if not _ANY_OPPOSITE.search(text):
        return ""
    for pair in _OPPOSITES:
        said = {name: match.group() for match in pair.finditer(text) for name in ("a", "b") if match[name]}
        have = {name for match in pair.finditer(source) for name in ("a", "b") if match[name]}
        if len(said) == len(have) == 1 and said.keys() != have:
            return next(iter(said.values()))
    return ""
