"""The gate between the model's text and the asker: whole statements pass, with markers that are true."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.completions import NO_ANSWER
from workers.answering.grounding import markers
from workers.answering.grounding.evidence import Evidence, content_words, unquoted
from workers.answering.grounding.statements import complete, next_end

CUT_SHORT = "(cut short)"

_DEFINITION = re.compile(r"\s*\[[^\]\n]{1,80}\]:")
_NOT_STATED = re.compile(r"\s*(?:#|```|~~~|\|)|.*[:?]\s*\Z", re.DOTALL)
# An unmarked statement is given a marker when a passage has this share of its content words, if it has enough
# of them to mean something.
_STRONG = 0.8
_ENOUGH_WORDS = 5


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement that passed: its text as shown, and the shown numbers of the passages that it rests on.

    `quoted` is what a block quote quotes, as the model wrote it; empty for words of the model's own.
    """

    text: str
    numbers: tuple[int, ...]
    quoted: str = ""


class StreamGate:
    """Takes a model's text in pieces of any size and passes on what may be shown.

    Markers are renumbered in the order in which they first appear, and those of passages that were not given
    are removed. Nothing is passed on before the first statement with a source, so that an answer without any
    is never seen; a statement that says NO_ANSWER is never seen either.

    Attributes:
        statements: what has passed.
        order: numbers of the given passages; `order[0]` is the one shown as [1].
        removed: numbers that were not given, in order.
        no_answer: whether the model said that the passages do not answer.
    """

    def __init__(self, evidence: Evidence, write: Callable[[str], None]) -> None:
        self.statements: list[Statement] = []
        self.order: list[int] = []
        self.removed: list[int] = []
        self.no_answer = False
        self._evidence = evidence
        self._write = write
        self._buffer = ""
        self._held: list[str] = []

    @property
    def text(self) -> str:
        """All that was passed on; empty while no statement had a source."""
        return "".join(each.text for each in self.statements) if self.order else ""

    def feed(self, piece: str) -> None:
        """Take the next piece of the model's text."""
        self._buffer += piece
        while end := next_end(self._buffer):
            statement, self._buffer = self._buffer[:end], self._buffer[end:]
            self._pass(statement)

    def finish(self, *, cut: bool = False) -> None:
        """Take the end of the model's text. `cut`: it is not the end that the model wanted."""
        rest, self._buffer = self._buffer.rstrip(), ""
        if rest and (not cut or complete(rest)):
            self._pass(rest)
        if cut and self.order:
            self._show(Statement(f"\n\n{CUT_SHORT}", ()))

    def _pass(self, raw: str) -> None:
        if self.no_answer or _DEFINITION.match(raw):
            return
        if NO_ANSWER in raw:
            self.no_answer = not self.statements
            return
        statement = self._quote(raw) if raw.lstrip().startswith(">") else self._sentence(raw)
        if not self.statements:
            statement = Statement(statement.text.lstrip(), statement.numbers, statement.quoted)
        if statement.text.strip():
            self._show(statement)

    def _sentence(self, raw: str) -> Statement:
        cited: list[int] = []

        def put(given: list[int]) -> str:
            shown = self._shown(given)
            cited.extend(shown)
            return markers.joined(shown)

        text = markers.rewrite(raw, put)
        if not cited and (number := self._supporter(text)):
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
        return best.number if best and best.share >= _STRONG else 0

    def _show(self, statement: Statement) -> None:
        self.statements.append(statement)
        self._held.append(statement.text)
        if self.order:
            text, self._held = "".join(self._held), []
            self._write(text)
