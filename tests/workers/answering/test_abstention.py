"""What is said when the documents do not answer."""

from tests.workers.answering.parts import passage
from workers.answering.abstention import abstain, named, no_such_document


def test_it_says_what_was_searched_and_names_three_titles_once() -> None:
    nearest = [passage("x", title=title) for title in ("One", "Two", "One", "Three", "Four")]
    assert abstain("When?", 1200, nearest) == (
        "I don't know: I found no answer to this in the documents.\n\n"
        "I searched 1,200 documents that I may answer from here for “When?”. "
        "The nearest, which may not be about it: “One”, “Two”, “Three”."
    )


def test_one_document_is_one() -> None:
    assert "I searched the one document that" in abstain("When?", 1, [])


def test_no_documents_are_not_searched() -> None:
    assert abstain("When?", 0, []) == "I don't know: there are no documents yet that I may answer from here."


def test_foreign_words_can_neither_cite_nor_link_nor_run_on() -> None:
    assert named("a [1]\n[b](http://x) `c`") == "“a 1 b(http://x) c”"
    assert len(named("x" * 900)) <= 202


def test_a_document_that_is_not_there_is_named() -> None:
    assert no_such_document("x.md", []) == "I don't know a document called “x.md” that I may read here."
