"""Follow-ups: looked for beside the answer, for platforms that show them, and never at its cost."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.completions import ModelRole, Models
from core.deadline import Deadline
from core.documents import Passage
from core.errors import IndexUnavailable
from core.messages import EVERYONE, Answer, Outcome
from tests.workers.answering.parts import Library, Memory, ScriptedModel, Transcript, chunk, question
from workers.answering.budget import AnsweringSettings
from workers.answering.pipeline import answer
from workers.answering.process import Process

SAID = "The doorkey lies under the mat. [1]"


@dataclass
class Suggested:
    """Suggests the same to everybody, or cannot."""

    questions: tuple[str, ...] = ("Who has the second key?",)
    fails: bool = False
    asked: list[Any] = field(default_factory=list)

    def beyond(self, asked: str, passages: Sequence[Passage], groups: tuple[str, ...]) -> tuple[str, ...]:
        self.asked.append((asked, [each.chunk.text for each in passages], groups))
        if self.fails:
            raise IndexUnavailable("gone")
        return self.questions


def asked(suggested: Suggested, platform: str = "terminal", *, says: str = SAID) -> Answer:
    process = Process(
        Library(chunk("The doorkey lies under the mat.", date="2026-11-17")),
        Models({ModelRole.STRONG: ScriptedModel(says)}),
        Memory(),
        AnsweringSettings(),
        further={platform: suggested},
    )
    where = question("Where is the doorkey?")
    return answer("turn-1", where, process, Transcript(), Deadline(30))


def test_an_answer_brings_questions_to_go_on_with() -> None:
    suggested = Suggested()
    assert asked(suggested).follow_ups == suggested.questions
    assert suggested.asked == [("Where is the doorkey?", ["The doorkey lies under the mat."], (EVERYONE,))]


def test_so_does_an_abstention() -> None:
    end = asked(Suggested(), says="NOT_IN_THE_DOCUMENTS")
    assert (end.outcome, end.follow_ups) == (Outcome.ABSTAINED, Suggested().questions)


def test_a_platform_that_shows_none_costs_nothing() -> None:
    suggested = Suggested()
    assert asked(suggested, "elsewhere").follow_ups == ()
    assert suggested.asked == []


def test_what_fails_there_does_not_cost_the_answer() -> None:
    end = asked(Suggested(fails=True))
    assert (end.outcome, end.follow_ups) == (Outcome.ANSWERED, ())


def test_a_citation_carries_the_day_of_its_document_and_the_trace_its_readers() -> None:
    end = asked(Suggested())
    assert [citation.date for citation in end.citations] == ["2026-11-17"]
    assert [candidate.readers for candidate in end.trace.candidates] == [(EVERYONE,)]
