"""Example questions: such as the documents can answer, found by asking them."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from core.completions import NO_ANSWER, CompletionRequest, Model
from core.deadline import Deadline
from core.documents import Document, Passage
from prompts.render import render
from retrieval.search import Query, Search

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_HOW_TO = re.compile(r"how to\s+(.+)", re.IGNORECASE)
_DEFINITION = re.compile(
    r"^(?:The |An? )?(?P<subject>[A-Z][\w'-]*(?: [\w'-]+){0,3}) (?P<verb>is|are) (?:an? |the )", re.MULTILINE
)
_WORD = re.compile(r"\w+")
_PASSAGES = 8
_LONGEST = 75

# Share of two questions' words that both have, from which on they ask the same.
_SAME = 0.7

# Questions that hardly any team's documents answer; the first that the model abstains from is shown.
_OUTSIDE = (
    "Who won the football world cup in 1998?",
    "What is the boiling point of tungsten?",
    "How many moons does Neptune have?",
)


class Examples:
    """Finds questions for a first look at a source, and for going on from an answer.

    A question comes out of a document's own words: a heading that asks, a "how to", or a definition. It is
    kept only when the model, given what search finds for it, answers from the document that it came from.
    """

    MOST_DOCUMENTS: Final = 200
    _WANTED: Final = 3
    _MOST_TRIED: Final = 24
    _SECONDS: Final = 0.15

    def __init__(self, search: Search, model: Model) -> None:
        self._search = search
        self._model = model

    def of(self, documents: Sequence[Document]) -> tuple[str, ...]:
        """Up to three questions, from different documents where there are several."""
        kept: list[str] = []
        used: set[str] = set()
        for document, question in islice(_candidates(documents), self._MOST_TRIED):
            if document.id not in used and question not in kept and self._answers(document, question):
                kept.append(question)
                used.add(document.id)
            if len(kept) == self._WANTED:
                break
        return tuple(kept)

    def beyond(
        self, asked: str, passages: Sequence[Passage], groups: tuple[str, ...], seconds: float = _SECONDS
    ) -> tuple[str, ...]:
        """Up to three further questions out of what was found for one, within a time that nobody notices.

        Args:
            asked: the question; what says the same is left out.
            passages: what was found for it, best first.
            groups: those of the audience, which alone may read what answers.
            seconds: after which no further one is tried.
        """
        deadline = Deadline(seconds)
        said = [_words(asked)]
        kept: list[str] = []
        for question in islice(_further(passages), self._MOST_TRIED):
            if len(kept) == self._WANTED or not deadline.remaining():
                break
            words = _words(question)
            if not any(_alike(words, other) for other in said) and self._is_answered(
                question, self._found(question, groups)
            ):
                kept.append(question)
                said.append(words)
        return tuple(kept)

    def outside(self, readers: tuple[str, ...]) -> str:
        """A question that the model abstains from, or nothing where it answers them all."""
        return next((q for q in _OUTSIDE if not self._is_answered(q, self._found(q, readers))), "")

    def _answers(self, document: Document, question: str) -> bool:
        passages = self._found(question, document.readers)
        from_here = bool(passages) and passages[0].chunk.document_id == document.id
        return from_here and self._is_answered(question, passages)

    def _found(self, question: str, readers: tuple[str, ...]) -> list[Passage]:
        return self._search.find(Query(text=question, rights=readers, limit=_PASSAGES))

    def _is_answered(self, question: str, passages: Sequence[Passage]) -> bool:
        prompt = render(
            "answer", question=question, passages=passages, history=(), no_answer=NO_ANSWER, tools=False
        )
        return NO_ANSWER not in self._model.complete(CompletionRequest(prompt)).text


def _further(passages: Sequence[Passage]) -> Iterator[str]:
    """The questions of passages, each once, none longer than a button bears."""
    seen: set[str] = set()
    for passage in passages:
        headings = "\n".join(f"# {heading}" for heading in passage.chunk.heading)
        for question in _questions(f"{headings}\n{passage.chunk.text}"):
            if question not in seen and len(question) <= _LONGEST:
                seen.add(question)
                yield question


def _words(question: str) -> frozenset[str]:
    return frozenset(_WORD.findall(question.casefold()))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _SAME * len(one | other)


def _candidates(documents: Sequence[Document]) -> Iterator[tuple[Document, str]]:
    """Questions in rounds: the first of each document, then the second, and so on; asking headings first."""
    of_each = [list(dict.fromkeys(_questions(document.text))) for document in documents]
    asked_for = sorted(
        zip(documents, of_each, strict=True), key=lambda pair: -sum(q.startswith("How do") for q in pair[1])
    )
    for turn in range(max((len(questions) for questions in of_each), default=0)):
        for document, questions in asked_for:
            if turn < len(questions):
                yield document, questions[turn]


def _questions(text: str) -> Iterator[str]:
    headings = [match.group(1).strip("*_` ") for match in _HEADING.finditer(text)]
    yield from (heading for heading in headings if heading.endswith("?"))
    for heading in headings:
        if how_to := _HOW_TO.fullmatch(heading):
            yield f"How do I {how_to.group(1)[0].lower()}{how_to.group(1)[1:]}?"
    for match in _DEFINITION.finditer(text):
        yield f"What {match.group('verb')} {match.group('subject')}?"
