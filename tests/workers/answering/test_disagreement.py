"""Passages that contradict or outdate each other are marked, others are not."""

from dataclasses import replace

import pytest

from core.documents import Passage
from core.messages import EVERYONE
from tests.workers.answering.parts import chunk
from workers.answering.budget import AnsweringSettings
from workers.answering.context import fit
from workers.answering.disagreement import disagreements, remarks


def passage(document: str, text: str, *, title: str = "", date: str = "", score: float = 1.0) -> Passage:
    return Passage(chunk(text, document=document, title=title or document, date=date), score=score)


OLD = passage("old.md", "A parking pass is valid for 2 days.", date="2024-03-01")
NEW = passage("new.md", "A parking pass is valid for 3 days.", date="2025-01-10")


def test_the_same_words_with_another_figure_disagree_both_dated() -> None:
    (found,) = disagreements([NEW, OLD])
    assert (found.one, found.other) == (1, 0)
    assert found.text == "The sources disagree: “old.md” (2024-03-01) and “new.md” (2025-01-10)."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (OLD, passage("new.md", "A parking pass is valid for 2 days.")),
        (OLD, passage("old.md", "A parking pass is valid for 3 days.")),
        (OLD, passage("new.md", "The canteen closes after 3 hours.")),
        (passage("a", "In 2023 we hired 5 people."), passage("b", "In 2024 we hired 9 people.")),
        (passage("a", "Room 1."), passage("b", "Room 2.")),
    ],
)
def test_what_is_the_same_or_about_something_else_does_not(one: Passage, other: Passage) -> None:
    assert disagreements([one, other]) == ()


def test_records_do_not_disagree() -> None:
    rows = [
        Passage(
            replace(chunk(f"Flat in the town; rent {rent}", document=str(rent)), fields={"rent": rent}), 1.0
        )
        for rent in (700, 800)
    ]
    assert disagreements(rows) == ()


def test_an_old_passage_of_the_same_title_and_words_is_marked_by_its_age() -> None:
    text = "Visitors report to the front desk and get a badge there."
    old = passage("a", text, title="Visitors", date="2021-05-01")
    new = passage("b", f"{text} It is blue.", title="Visitors", date="2025-05-01")
    (found,) = disagreements([new, old])
    assert found.text == (
        "The sources are of different age: “Visitors” (2021-05-01) and “Visitors” (2025-05-01)."
    )
    near = passage("a", text, title="Visitors", date="2025-01-01")
    assert disagreements([new, near]) == ()
    assert disagreements([new, passage("a", text, title="Guests", date="2021-05-01")]) == ()


def test_only_what_an_answer_rests_on_is_remarked() -> None:
    found = disagreements([OLD, passage("x.md", "Something else."), NEW])
    assert remarks(found, [1]) == ""
    assert remarks(found, [2, 1]).startswith("_The sources disagree: ")
    assert remarks(found, [0, 2]).count("disagree") == 1


def test_a_passage_with_another_figure_is_no_repetition() -> None:
    words = "The handbook says in this long sentence that a parking pass for all who visit is valid for"
    one, other = passage("a", f"{words} 2 days.", score=2.0), passage("b", f"{words} 3 days.")
    same = passage("c", f"{words} 2 days.")
    context = fit([one, other, same], (EVERYONE,), AnsweringSettings())
    assert [each.chunk.document_id for each in context.passages] == ["a", "b"]
    assert "passages 1 and 2: The sources disagree" in " ".join(context.notes)
