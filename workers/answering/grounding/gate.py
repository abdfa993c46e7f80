"""The gate between the model's text and the asker: whole statements pass, with markers that are true."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from core.completions import NO_ANSWER
from workers.answering.grounding import markers
from workers.answering.grounding.evidence import Evidence, content_words, unquoted
from workers.answering.grounding.figures.check import FigureCheck
from workers.answering.grounding.statements import complete, next_end

CUT_SHORT = "(cut short)"

_DEFINITION = re.compile(r"\s*\[[^\]\n]{1,80}\]:")
_NOT_STATED = re.compile(r"\s*(?:#|```|~~~|\|)|.*[:?]\s*\Z", re.DOTALL)
# An unmarked statement is given a marker when a passage has this share of its content words, if it has enough
# of them to mean something.
_STRONG = 0.8
# An unmarked statement may take its figures from the passage that has this share of its content words, and
# rests on a tool's result that has it.
_PLAIN = 0.5
_ENOUGH_WORDS = 5

Mend = Callable[[str, list[str]], str]
"""Has a statement written again without figures that rest on nothing; empty when nothing can be kept."""

Screen = Callable[[str], tuple[str, tuple[str, ...]]]
"""Shows a statement to the guardrails: the text to go on with, and what keeps it from being shown."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that passed: its text as shown, and the shown numbers of the passages that it rests on.

    `quoted` is what a block quote quotes, as the model wrote it; empty for words of the model's own.
    """

    text: str
    numbers: tuple[int, ...]
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class _Figures:
    """A statement's figures: those that rest on nothing, whether the model may write it again without them.

    `leans_on` is the passage that it takes them from without citing it, or 0.
    """

    wrong: list[str] = field(default_factory=list)
    mendable: bool = True
    leans_on: int = 0


class StreamGate:
    """Takes a model's text in pieces of any size and passes on what may be shown.

    Markers are renumbered in the order in which they first appear, and those of passages that were not given
    are removed. Nothing is passed on before the first statement with a source, so that an answer without any
    is never seen; a statement that says NO_ANSWER is never seen either. A statement with a figure that rests
    on nothing is written again once, or left out.

    Args:
        evidence: the passages that were given.
        write: gets what may be shown.
        check: holds figures against what they rest on; it has seen no other text.
        mend: writes a statement again.
        hold: characters that are kept back at first, since the model may yet call a tool instead.
        screen: shows each statement to the guardrails first.

    Attributes:
        statements: what has passed.
        order: numbers of the given passages; `order[0]` is the one shown as [1].
        removed: numbers that were not given, in order.
        no_answer: whether the model said that the passages do not answer.
        rewritten, left_out: how many statements had figures that rest on nothing, by what became of them.
        withheld: what kept statements from being shown, in the guardrails' words.
    """

    def __init__(
        self,
        evidence: Evidence,
        write: Callable[[str], None],
        check: FigureCheck | None = None,
        mend: Mend | None = None,
        *,
        hold: int = 0,
        screen: Screen | None = None,
    ) -> None:
        self.statements: list[Statement] = []
        self.order: list[int] = []
        self.removed: list[int] = []
        self.no_answer = False
        self.rewritten = 0
        self.left_out = 0
        self.withheld: list[str] = []
        self.check = check or FigureCheck()
        self._evidence = evidence
        self._write = write
        self._mend = mend
        self._screen = screen
        self._hold = hold
        self._tool_words = content_words(self.check.returned)
        self._sourced = False
        self._fed = ""
        self._buffer = ""
        self._held: list[str] = []

    @property
    def text(self) -> str:
        """All that was passed on; empty while no statement had a source."""
        return "".join(each.text for each in self.statements) if self._sourced else ""

    @property
    def fed(self) -> str:
        """The model's text so far, as it came."""
        return self._fed

    def anew(self, write: Callable[[str], None]) -> "StreamGate":
        """A gate for the same answer through which nothing has gone yet."""
        return StreamGate(self._evidence, write, self.check.anew(), self._mend, screen=self._screen)

    def feed(self, piece: str) -> None:
        """Take the next piece of the model's text."""
        self._fed += piece
        self._buffer += piece
        if len(self._fed) < self._hold:
            return
        self._hold = 0
        while end := next_end(self._buffer):
            statement, self._buffer = self._buffer[:end], self._buffer[end:]
            self._pass(statement)

    def finish(self, *, cut: bool = False) -> None:
        """Take the end of the model's text. `cut`: it is not the end that the model wanted."""
        self._hold = 0
        self.feed("")
        rest, self._buffer = self._buffer.rstrip(), ""
        if rest and (not cut or complete(rest)):
            self._pass(rest)
        if cut and self._sourced:
            self._show(Statement(f"\n\n{CUT_SHORT}", ()))

    def _pass(self, raw: str) -> None:
        if self.no_answer or _DEFINITION.match(raw):
            return
        if NO_ANSWER in raw:
            self.no_answer = not self.statements
            return
        figures = self._judged(raw)
        if figures.wrong:
            raw, figures = self._again(raw, figures)
        if self._screen and raw.strip():
            raw, faults = self._screen(raw)
            if faults:
                self.withheld += faults
                return
        statement = (
            self._quote(raw) if raw.lstrip().startswith(">") else self._sentence(raw, figures.leans_on)
        )
        if not self.statements:
            statement = Statement(statement.text.lstrip(), statement.numbers, statement.quoted)
        if statement.text.strip():
            self._sourced = self._sourced or bool(self.order) or self._rests_on_tools(statement.text)
            self._show(statement)

    def _on_tools(self, text: str) -> float:
        """The share of a statement's content words that what the tools returned has."""
        words = content_words(text)
        return len(words & self._tool_words) / len(words) if words else 0.0

    def _rests_on_tools(self, text: str) -> bool:
        """Whether a statement without a source, whose figures are right, has what it says from a tool."""
        if not self.check.has_results:
            return False
        return self.check.has_figures(text) or self._on_tools(text) >= _PLAIN

    def _judged(self, raw: str) -> _Figures:
        """What is to be said of a statement's figures. Words that a passage has to the letter are its own.

        They may rest on what the statement cites; one that cites nothing, on what was cited before it, and
        else on the passage that it is plainly about, which it then cites.
        """
        if raw.lstrip().startswith(">"):
            body, given = self._evidence.attributed(raw)
            if any(
                self._evidence.locate(unquoted(body), each) for each in given if each <= len(self._evidence)
            ):
                return _Figures()
        cited = [each for run in markers.runs(raw) for each in run if each <= len(self._evidence)]
        basis = cited or self.order
        wrong = self.check.wrong(raw, [self._evidence.passage(number) for number in basis])
        if not wrong or cited:
            return _Figures(wrong, mendable=bool(basis) or self.check.has_results)
        best = self._evidence.strongest(raw)
        if not best or best.share < _PLAIN:
            return _Figures(wrong, mendable=bool(basis) or self.check.has_results)
        wrong = self.check.wrong(raw, [self._evidence.passage(number) for number in {*basis, best.number}])
        return _Figures(wrong, leans_on=best.number)

    def _again(self, raw: str, figures: _Figures) -> tuple[str, _Figures]:
        """The statement as the model writes it again, if its figures are right now; else nothing."""
        if self._mend and figures.mendable:
            again = " ".join(self._mend(raw.strip(), figures.wrong).split())
            judged = self._judged(again)
            if again and NO_ANSWER not in again and not judged.wrong:
                self.rewritten += 1
                return raw[: len(raw) - len(raw.lstrip())] + again, judged
        self.left_out += 1
        return "", _Figures()

    def _sentence(self, raw: str, leans_on: int) -> Statement:
        cited: list[int] = []

        def put(given: list[int]) -> str:
            shown = self._shown(given)
            cited.extend(shown)
            return markers.joined(shown)

        text = markers.rewrite(raw, put)
        if not cited and (number := leans_on or self._supporter(text)):
            cited = self._shown([number])
            text = f"{text} {markers.joined(cited)}"
        return Statement(text, tuple(cited))

    def _quote(self, raw: str) -> Statement:
        """A block quote: only the markers at its very end are ours, all others came with the quoted words."""
        body, given = self._evidence.attributed(raw)
        cited = self._shown(given)
        text = markers.remove(body)
        return Statement(f"{text} {markers.joined(cited)}" if cited else text, tuple(cited), unquoted(body))

    def _shown(self, given: list[int]) -> list[int]:
        """The shown numbers of given passages; a number that was not given is remembered as removed."""
        shown: list[int] = []
        for number in given:
            if number > len(self._evidence):
                self.removed.append(number)
                continue
            if number not in self.order:
                self.order.append(number)
            shown.append(self.order.index(number) + 1)
        return shown

    def _supporter(self, text: str) -> int:
        """The passage that an unmarked statement plainly rests on, or 0."""
        if _NOT_STATED.match(text) or len(content_words(text)) < _ENOUGH_WORDS:
            return 0
        best = self._evidence.strongest(text)
        return best.number if best and best.share >= _STRONG and best.share > self._on_tools(text) else 0

    def _show(self, statement: Statement) -> None:
        self.statements.append(statement)
        self._held.append(statement.text)
        if self._sourced:
            text, self._held = "".join(self._held), []
            self._write(text)
