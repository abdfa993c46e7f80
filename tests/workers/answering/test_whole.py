"""The whole walk on a real index, with the model that needs no key: from files to cited answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.completions import Model
from core.messages import EVERYONE, Outcome, Task
from retrieval.index import Index
from retrieval.search import Search
from retrieval.sources import read_source
from retrieval.stores.embedded import EmbeddedStore
from tests.workers.answering.parts import Memory, Transcript, ask, exchange, question
from workers.models.extractive import create

PAGES = {
    "parking.md": (
        "# Parking\n\n## Visitors\n\nVisitors park in the north yard. A parking pass is valid one day.\n\n"
        "## Staff\n\nEmployees park in the south yard. Their badge opens the barrier.\n"
    ),
    "desk.md": (
        "# Front desk\n\nThe front desk is open from 8:00 to 17:30, Monday to Friday. "
        "On weekends the guard at the front desk takes messages.\n"
    ),
    "board.md": "# Board minutes\n\nThe parking fee for visitors will rise to 9 euros in May.\n",
}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Search]:
    folder = tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    store = EmbeddedStore(tmp_path_factory.mktemp("index"))
    index = Index(store, None)
    for name in PAGES:
        readers = ("board",) if name == "board.md" else (EVERYONE,)
        index.sync(name, read_source(folder / name, name, readers), lambda _progress: None)
    yield Search(store, None)
    store.close()


@pytest.fixture
def model() -> Model:
    return create("", None)


def test_a_question_is_answered_from_the_right_page_to_the_letter(search: Search, model: Model) -> None:
    transcript = Transcript()
    answer = ask("Where do visitors park?", search, model, transcript=transcript)
    assert answer.outcome is Outcome.ANSWERED
    assert "north yard" in answer.text
    assert transcript.text == answer.text
    first = answer.citations[0]
    assert (first.n, first.title, Path(first.source).name) == (1, "Parking", "parking.md")
    assert first.quote in Path(first.source).read_text(encoding="utf-8")
    assert first.quote in answer.text


def test_a_question_that_the_pages_do_not_answer_is_not_answered(search: Search, model: Model) -> None:
    answer = ask("Who won the world cup in 1998?", search, model)
    assert answer.outcome is Outcome.ABSTAINED
    assert "I searched 2 documents" in answer.text


def test_other_readers_get_other_answers(search: Search, model: Model) -> None:
    asked = "How much will the parking fee for visitors rise in May?"
    board = ask(question(asked, groups=(EVERYONE, "board")), search, model)
    everyone = ask(question(asked), search, model)
    assert "9 euros" in board.text
    assert "9 euros" not in everyone.model_dump_json()


def test_a_follow_up_finds_what_the_conversation_is_about(search: Search, model: Model) -> None:
    memory = Memory(exchange("When is the front desk open?", "From 8:00 to 17:30, Monday to Friday [1]."))
    answer = ask("and on weekends?", search, model, memory=memory)
    assert "front desk" in answer.trace.query
    assert "the guard" in answer.text
    assert answer.citations[0].title == "Front desk"


def test_a_page_is_summarised_line_by_line(search: Search, model: Model) -> None:
    answer = ask(question("", task=Task.SUMMARIZE, subject="parking.md"), search, model)
    assert answer.outcome is Outcome.ANSWERED
    lines = answer.text.splitlines()[2:]
    assert lines
    assert all(line.startswith("- ") and line.endswith("]") for line in lines)
    assert all(each.quote in PAGES["parking.md"] for each in answer.citations)
