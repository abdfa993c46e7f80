"""What a figure is about: whether a statement gives a source's figure to what the source gives another to.

A figure of a source has rivals: others of its kind in the same source, such as the amount of another town. A
statement that names what a rival is of, and nothing that the figure itself is of, has swapped the two. So has
one whose year is a rival's, and one that says "fell" of what rose. Where the words of a statement decide
nothing, as in another language than the source's, nothing is held against it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.answering.grounding.evidence import content_words
from workers.figures import units
from workers.figures.dates import Date
from workers.figures.numbers import Number
from workers.figures.reading import Figures

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\W*[^\W\d_a-zà-ÿ])|\n+")
_CLAUSE_END = re.compile(
    r"[,;](?=\s)|[()–—]|\s-\s"
    r"|\b(?:and|but|while|whereas|after|before|und|aber|während|nach|sowie|et|mais|tandis|y|pero|mientras)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"[\s\u00a0-]*(?P<noun>[^\W\d_]+)")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NAME = re.compile(r"[^\W\d_a-zà-ÿ][\w]*")
_NEGATED = re.compile(r"\b(?:not|never|nor|no|nicht|kein\w*|ne|pas|no)\b|n['’]t\b", re.IGNORECASE)
_UP = re.compile(
    r"\b(?:ris(?:e[ns]?|ing)|rose|rais(?:e[ds]?|ing)|increas\w+|gr[eo]w(?:s|n|ing)?|growth|climb\w*|gain(?:s|ed)"
    r"|jump(?:s|ed)|soar\w*|up(?=\s+(?:by\s+|from\s+)?[\d$€£])"
    r"|stieg\w*|steigt|gestiegen|erhöht\w*|wuchs\w*|gewachsen|augment\w+|hausse|progress[eé]\w*"
    r"|sub(?:e|ió|ieron)|aument\w+|creci\w+)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:f[ae]ll(?:s|en|ing)?|decreas\w+|drop(?:s|ped|ping)?|declin\w+|lost|cuts?|lower(?:s|ed|ing)"
    r"|reduc\w+|shrank|shrunk|plunge[ds]?|down(?=\s+(?:by\s+|from\s+)?[\d$€£])"
    r"|s[aui]nk\w*|gesunken|fiel\w*|gefallen|senkt\w*|gesenkt|verringert\w*|reduziert\w*"
    r"|baiss\w+|recul\w+|diminu\w+|chut\w+|baj(?:a|ó|aron)|ca(?:e|yó|yeron)|disminu\w+|reduj\w+)\b",
    re.IGNORECASE,
)

Figure = Number | Date


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause that states figures: its place, and the figures in it."""

    start: int
    end: int
    figures: tuple[Figure, ...]


class Read:
    """A text by its sentences and clauses; a clause without a figure goes with the one behind it."""

    def __init__(self, said: Figures) -> None:
        self.text = said.text
        quantities = [each for each in said.numbers if not each.counts]
        figures: list[Figure] = [*quantities, *said.dates]
        self.figures = tuple(sorted(figures, key=lambda each: each.start))
        self._sentences = [
            self._clauses(*span) for span in _spans(self.text, _SENTENCE_END, 0, len(self.text), self.figures)
        ]

    def of(self, figure: Figure) -> tuple[list[_Clause], int]:
        """The clauses of the sentence in which a figure stands, and which of them has it."""
        for clauses in self._sentences:
            for at, clause in enumerate(clauses):
                if figure in clause.figures:
                    return clauses, at
        return [_Clause(figure.start, figure.end, (figure,))], 0

    def words(self, clause: _Clause) -> frozenset[str]:
        """The content words of a clause, but for its figures and what they count."""
        return content_words(self._bare(clause))

    def names(self, clause: _Clause) -> frozenset[str]:
        """Those of its content words that are written with a capital."""
        return frozenset().union(*(content_words(name) for name in _NAME.findall(self._bare(clause))))

    def years(self, clause: _Clause, but: Figure) -> frozenset[str]:
        """The years that a clause names beside a figure."""
        rest = self.text[clause.start : but.start] + " " + self.text[but.end : clause.end]
        return frozenset(_YEAR.findall(rest))

    def direction(self, clause: _Clause) -> str:
        """Whether a clause says "up" or "down"; empty where it says both, neither, or denies it."""
        text = self.text[clause.start : clause.end]
        up, down = _UP.search(text), _DOWN.search(text)
        if bool(up) == bool(down) or _NEGATED.search(text):
            return ""
        return "up" if up else "down"

    def counted(self, figure: Figure) -> frozenset[str]:
        """The word behind a number without a unit, which is what it counts."""
        noun = _COUNTED.match(self.text, figure.end)
        return content_words(noun["noun"]) if noun else frozenset()

    def _bare(self, clause: _Clause) -> str:
        text = self.text[clause.start : clause.end]
        for each in clause.figures:
            end = each.end
            if isinstance(each, Number) and not each.unit and (noun := _COUNTED.match(self.text, end)):
                end = noun.end()
            begin, until = each.start - clause.start, min(end, clause.end) - clause.start
            text = text[:begin] + " " * (until - begin) + text[until:]
        return text

    def _clauses(self, start: int, end: int) -> list[_Clause]:
        clauses: list[_Clause] = []
        begun = start
        for begin, until in _spans(self.text, _CLAUSE_END, start, end, self.figures):
            inside = tuple(each for each in self.figures if begin <= each.start < until)
            whole = _Clause(begun, until, inside)
            if not inside:
                continue
            if clauses and not self.words(whole):
                clauses[-1] = _joined(clauses[-1], whole)
            else:
                clauses.append(whole)
            begun = until
        if clauses and begun < end:
            clauses[-1] = _Clause(clauses[-1].start, end, clauses[-1].figures)
        return clauses


def swapped(figure: Figure, said: Read, sources: Sequence[Read]) -> bool:
    """Whether a statement gives a figure of its sources to something that each of them gives another to.

    Args:
        figure: one of the statement.
        said: the statement.
        sources: what it rests on.
    """
    found = [(each, source) for source in sources for each in source.figures if _same(figure, each)]
    return bool(found) and all(_contradicts(figure, said, each, source) for each, source in found)


def _contradicts(figure: Figure, said: Read, own: Figure, source: Read) -> bool:
    clauses, at = said.of(figure)
    theirs, place = source.of(own)
    ways = {said.direction(clauses[at]), source.direction(theirs[place])}
    if ways == {"up", "down"} and isinstance(figure, Number):
        return True
    rivals = [each for each in source.figures if _rival(own, each, source) and not _same(figure, each)]
    return any(
        _of_rival(figure, said, own, each, source) for each in rivals if each not in theirs[place].figures
    )


def _of_rival(figure: Figure, said: Read, own: Figure, rival: Figure, source: Read) -> bool:
    """Whether a statement's words are those of a rival: its year first, then names, then any word."""
    clauses, at = said.of(figure)
    mine, others = _context(own, rival, source), _context(rival, own, source)
    my_years, other_years = source.years(mine[0], own), source.years(others[0], rival)
    years = said.years(clauses[at], figure)
    if _states(clauses[at], rival):
        return False  # it has both, in an order that is not judged
    if my_years and other_years and years & (my_years ^ other_years):
        return not years & my_years
    ways = source.direction(mine[0]), source.direction(others[0])
    if all(ways) and ways[0] != ways[1] and said.direction(clauses[at]) == ways[0]:
        return False
    return _worded_as(clauses[: at + 1], said, rival, _told_by(mine, source), _told_by(others, source))


def _worded_as(
    clauses: Sequence[_Clause],
    said: Read,
    rival: Figure,
    own_words: tuple[frozenset[str], frozenset[str]],
    rival_words: tuple[frozenset[str], frozenset[str]],
) -> bool:
    """Whether the nearest clause that tells a figure from its rival names the rival, and the figure not."""
    if said.words(clauses[-1]) <= own_words[1]:
        return False  # in the source's own words
    for clause in reversed(clauses):
        if _states(clause, rival):
            return False
        words = said.words(clause)
        for mine, theirs in zip(own_words, rival_words, strict=True):
            hit, missed = words & (mine - rival_words[1]), words & (theirs - own_words[1])
            if hit or missed:
                return not hit
    return False


def _states(clause: _Clause, figure: Figure) -> bool:
    return any(_same(each, figure) for each in clause.figures)


def _told_by(clauses: list[_Clause], source: Read) -> tuple[frozenset[str], frozenset[str]]:
    """The names in clauses, and all of their words."""
    empty: frozenset[str] = frozenset()
    return empty.union(*map(source.names, clauses)), empty.union(*map(source.words, clauses))


def _context(figure: Figure, rival: Figure, source: Read) -> list[_Clause]:
    """The clause of a figure, with those before it in its sentence up to that of its rival."""
    clauses, at = source.of(figure)
    kept: list[_Clause] = []
    for clause in reversed(clauses[: at + 1]):
        if rival in clause.figures:
            break
        kept.append(clause)
    return kept


def _same(one: Figure, other: Figure) -> bool:
    if isinstance(one, Number) and isinstance(other, Number):
        return one.same(other)
    if isinstance(one, Date) and isinstance(other, Date):
        return one.said_by(other)
    date, number = (one, other) if isinstance(one, Date) else (other, one)
    assert isinstance(date, Date)
    assert isinstance(number, Number)
    return (
        not number.unit
        and all(not month for _, month, _ in date.readings)
        and bool({int(value) for value in number.values} & date.years)
    )


def _rival(own: Figure, other: Figure, source: Read) -> bool:
    """Whether one figure of a source could be taken for another: of one kind, and counting the same."""
    if _year(own, source) or _year(other, source):
        return _year(own, source) and _year(other, source)
    if isinstance(own, Date) or isinstance(other, Date):
        return isinstance(own, Date) and isinstance(other, Date)
    if own.unit or other.unit:
        return _kind(own) == _kind(other)
    mine, theirs = source.counted(own), source.counted(other)
    return not mine or not theirs or bool(mine & theirs)


def _kind(number: Number) -> str:
    """The smallest unit of a number's family, which minutes and seconds share."""
    return units.reduced(next(iter(number.values)), number.unit)[1] if number.values else "literal"


def _year(figure: Figure, source: Read) -> bool:
    if isinstance(figure, Date):
        return all(not month for _, month, _ in figure.readings)
    return not figure.unit and bool(_YEAR.fullmatch(source.text[figure.start : figure.end]))


def _joined(one: _Clause, other: _Clause) -> _Clause:
    return _Clause(one.start, other.end, (*one.figures, *other.figures))


def _spans(
    text: str, ends: re.Pattern[str], start: int, end: int, figures: Sequence[Figure] = ()
) -> Iterator[tuple[int, int]]:
    """The parts of a text between matches of `ends`, none of which is inside a figure."""
    begun = start
    for match in ends.finditer(text, start, end):
        if any(each.start < match.end() and match.start() < each.end for each in figures):
            continue
        yield begun, match.end()
        begun = match.end()
    yield begun, end
