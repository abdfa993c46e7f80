"""What `/search` shows: the documents' own words, each with its source, and no model's."""

from core.messages import Outcome, Task
from tests.workers.answering.parts import Library, ScriptedModel, ask, chunk, question

DOORKEY = chunk("The doorkey lies under the mat.", title="Keys", document="keys.md")
LOCK = chunk("A locksmith copies a doorkey in *two* [days](https://evil.example).", title="Locks")
SECRET = chunk("The doorkey of the vault is red.", title="Vault", readers=("board",))


def test_a_search_shows_what_documents_say_without_asking_a_model() -> None:
    model = ScriptedModel()
    found = ask(question("doorkey", task=Task.SEARCH), Library(DOORKEY, LOCK), model)
    assert found.outcome is Outcome.ANSWERED
    assert "- “The doorkey lies under the mat.” [1]" in found.text
    assert [each.title for each in found.citations] == ["Keys", "Locks"]
    assert found.citations[0].quote == "The doorkey lies under the mat."
    assert model.requests == []


def test_what_a_document_says_is_shown_without_its_links_and_marks() -> None:
    found = ask(question("doorkey", task=Task.SEARCH), Library(LOCK), ScriptedModel())
    assert "](" not in found.text
    assert "*" not in found.text


def test_a_search_finds_nothing_that_the_audience_may_not_read() -> None:
    found = ask(question("doorkey", task=Task.SEARCH), Library(SECRET), ScriptedModel())
    assert found.outcome is Outcome.ABSTAINED
    assert "Vault" not in found.text
    board = question("doorkey", task=Task.SEARCH, groups=("board",))
    assert "vault is red" in ask(board, Library(SECRET), ScriptedModel()).text


def test_a_document_is_listed_once_by_its_best_passage() -> None:
    more = chunk("A doorkey, a doorkey.", title="Keys", document="keys.md", position=1)
    found = ask(question("doorkey lies", task=Task.SEARCH), Library(DOORKEY, more), ScriptedModel())
    assert [each.document_id for each in found.citations] == ["keys.md"]
