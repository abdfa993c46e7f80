"""The pages answer the questions that stand over their sections: a fresh chat has nothing else to go by."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.bootstrap.library import Library, library
from core.completions import NO_ANSWER, CompletionRequest, Model, ModelRole
from core.documents import Passage
from core.settings import HomeSettings
from prompts.render import render
from retrieval.search import Query
from retrieval.sources import read_source
from workers.models import ModelSettings, open_models

DOCS = Path(__file__).parents[2] / "docs"
FIRST_PAGES = ("start.md", "documents.md", "ask.md")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """An index of the pages."""
    with library(HomeSettings(home=tmp_path_factory.mktemp("home"))) as opened:
        opened.index.sync("docs", read_source(DOCS, "docs"), lambda _progress: None)
        yield opened


@pytest.fixture(scope="module")
def extractive(shelf: Library) -> Model:
    return open_models(ModelSettings(model_strong="extractive"), shelf.embedder)[ModelRole.STRONG]


def answer(shelf: Library, model: Model, question: str) -> tuple[str, list[Passage]]:
    """What the model quotes, and the passages that it cites, the first one first."""
    passages = shelf.search.find(Query(text=question, rights=("everyone",), limit=8))
    prompt = render(
        "answer", question=question, passages=passages, history=(), no_answer=NO_ANSWER, tools=False
    )
    text = model.complete(CompletionRequest(prompt)).text
    return text, [passages[int(n) - 1] for n in re.findall(r"\[(\d+)\]", text)]


def questions(page: str) -> list[str]:
    return re.findall(r"^## (.+\?)$", (DOCS / page).read_text(), re.MULTILINE)


def test_how_to_add_documents_is_answered_with_the_command(shelf: Library, extractive: Model) -> None:
    text, cited = answer(shelf, extractive, "How do I add my own documents?")
    assert "`candor ingest PATH`" in text
    assert cited[0].chunk.document_id == "documents.md"


@pytest.mark.parametrize(
    ("page", "question"), [(page, question) for page in FIRST_PAGES for question in questions(page)]
)
def test_a_section_s_question_is_answered_by_its_own_page(
    page: str, question: str, shelf: Library, extractive: Model
) -> None:
    text, cited = answer(shelf, extractive, question)
    assert cited, text
    assert cited[0].chunk.document_id == page, text


def test_what_the_pages_do_not_know_is_not_answered(shelf: Library, extractive: Model) -> None:
    text, cited = answer(shelf, extractive, "What is the boiling point of tungsten?")
    assert (text, cited) == (NO_ANSWER, [])
