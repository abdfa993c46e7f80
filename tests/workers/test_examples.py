"""Example questions: such as the documents do answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.completions import Model
from core.documents import Document
from core.messages import EVERYONE
from retrieval.index import Index
from retrieval.search import Query, Search
from retrieval.stores.embedded import EmbeddedStore
from workers.examples import Examples
from workers.models.extractive import create

PAGES = {
    "parking.md": """# Parking

## Where may visitors park?

Visitors may park in the north yard behind the gate house.

## How to get a parking permit

To get a parking permit, ask the front desk before noon.
""",
    "garden.md": """# The garden

The Orchard is a garden on the roof where lunch is eaten in summer.
""",
    "lights.md": """# Lights

## How do I switch on the lights?

To switch on the lights, press the green button beside the door.
""",
    "plans.md": """# Plans

The board meets on Tuesday.

## How do I switch on the lights?
""",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EmbeddedStore]:
    opened = EmbeddedStore(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def model() -> Model:
    extractive: Model = create("", None)
    return extractive


def documents() -> list[Document]:
    return [
        Document(id=name, source_id="s", title=text.split("\n")[0][2:], text=text, link=f"/{name}")
        for name, text in PAGES.items()
    ]


def test_three_questions_that_are_answered_come_from_three_documents(
    store: EmbeddedStore, model: Model
) -> None:
    Index(store, None).sync("s", documents())
    found = Examples(Search(store, None), model).of(documents())
    assert len(found) == 3
    assert "How do I switch on the lights?" in found
    assert {_about(question) for question in found} >= {"lights", "Orchard"}


def test_a_question_that_another_document_answers_is_no_example_of_this_one(
    store: EmbeddedStore, model: Model
) -> None:
    Index(store, None).sync("s", documents())
    asks_in_vain = [document for document in documents() if document.id == "plans.md"]
    assert Examples(Search(store, None), model).of(asks_in_vain) == ()


def test_the_question_from_outside_is_one_that_is_not_answered(store: EmbeddedStore, model: Model) -> None:
    known = Document(
        id="cup.md",
        source_id="s",
        title="Football",
        text="# Football\n\nFrance won the football world cup in 1998.\n",
        link="/cup.md",
    )
    Index(store, None).sync("s", [*documents(), known])
    outside = Examples(Search(store, None), model).outside((EVERYONE,))
    assert outside
    assert "football" not in outside


def _about(question: str) -> str:
    return next(word for word in ("permit", "park", "Orchard", "lights") if word in question)


def test_further_questions_come_out_of_what_was_found_and_are_answered(
    store: EmbeddedStore, model: Model
) -> None:
    Index(store, None).sync("s", documents())
    search = Search(store, None)
    asked = "Where may visitors park?"
    found = search.find(Query(text="visitors parking permit lights", rights=(EVERYONE,)))
    further = Examples(search, model).beyond(asked, found, (EVERYONE,), seconds=10)
    assert "How do I get a parking permit?" in further
    assert asked not in further
    assert len(further) <= 3


def test_further_questions_are_those_that_the_audience_can_have_answered(
    store: EmbeddedStore, model: Model
) -> None:
    Index(store, None).sync("s", documents())
    search = Search(store, None)
    found = search.find(Query(text="visitors parking permit", rights=(EVERYONE,)))
    assert Examples(search, model).beyond("Where is it?", found, (EVERYONE,), seconds=10)
    assert Examples(search, model).beyond("Where is it?", found, ("strangers",), seconds=10) == ()


def test_no_further_question_is_tried_when_the_time_is_over(store: EmbeddedStore, model: Model) -> None:
    Index(store, None).sync("s", documents())
    search = Search(store, None)
    found = search.find(Query(text="visitors parking permit", rights=(EVERYONE,)))
    assert Examples(search, model).beyond("Where is it?", found, (EVERYONE,), seconds=0) == ()
