from pathlib import Path

from tests.cli.candor import Candor
from tests.cli.conftest import HANDBOOK

KEYS = [
    *("turn_id", "question", "outcome", "answer", "citations", "tools"),
    *("model", "timings", "cost_usd", "error"),
]


def test_an_answer_quotes_the_document_and_lists_it(candor: Candor, furnished: Candor) -> None:
    shown = candor.done("ask", "How do I hand in receipts?")
    assert "send them to the accounts team before the fifth of the month. [1]" in shown
    where = furnished.folder / "handbook" / "expenses.md"
    assert f"Sources\n[1] Expenses › How do I hand in receipts? — {where}\n" in shown


def test_json_has_the_promised_fields(candor: Candor, furnished: Candor) -> None:
    shown = candor.object("ask", "How do I get a parking pass?")
    assert list(shown) == KEYS
    assert shown["outcome"] == "answered"
    assert shown["model"] == "extractive"
    assert shown["tools"] == []
    assert shown["timings"]["total"] > 0
    (citation,) = shown["citations"]
    assert list(citation) == ["n", "title", "source", "quote", "heading"]
    assert citation["n"] == 1
    assert citation["source"] == str(furnished.folder / "handbook" / "office" / "parking.html")
    assert citation["quote"] in shown["answer"]
    assert citation["quote"] in HANDBOOK["office/parking.html"]
    assert candor.object("turns", "show", shown["turn_id"]) == shown


def test_what_the_documents_do_not_answer_is_said_and_counts_as_done(candor: Candor) -> None:
    shown = candor.object("ask", "Who won the football world cup in 1998?")
    assert shown["outcome"] == "abstained"
    assert shown["citations"] == []
    assert shown["answer"].startswith("I don't know")
    assert "I searched 4 documents" in shown["answer"]
    assert "“Who won the football world cup in 1998?”" in shown["answer"]


def test_the_question_can_come_from_standard_input(candor: Candor) -> None:
    assert "17:30" in candor.done("ask", "-", typed="When is the front desk open?\n")


def test_nothing_on_standard_input_is_wrong_usage(candor: Candor) -> None:
    assert candor.run("ask", "-", typed=" \n").code == 2


def test_a_document_is_summarised_by_its_name(candor: Candor) -> None:
    shown = candor.object("ask", "expenses.md", "--summarize")
    assert shown["outcome"] == "answered"
    assert shown["citations"]
    assert all(citation["title"] == "Expenses" for citation in shown["citations"])
    assert all(f"[{citation['n']}]" in shown["answer"] for citation in shown["citations"])


def test_a_summary_of_what_is_not_there_is_an_abstention(candor: Candor) -> None:
    shown = candor.object("ask", "The annual report", "--summarize")
    assert shown["outcome"] == "abstained"
    assert "“The annual report”" in shown["answer"]


def test_documents_of_another_group_are_never_seen(candor: Candor, tmp_path: Path) -> None:
    (tmp_path / "board").mkdir()
    (tmp_path / "board" / "bonus.md").write_text("# Bonus\n\nThe bonus pool is twelve million dollars.\n")
    candor.done("ingest", str(tmp_path / "board"), "--readers", "board")
    asked = "How large is the bonus pool?"
    assert "twelve million" in candor.done("chat", "--group", "board", typed=f"{asked}\n/summary Bonus\n")
    shown = candor.done("chat", typed=f"{asked}\n/summary Bonus\nwhy\n")
    assert "I don't know a document called “Bonus”" in shown
    assert "twelve million" not in shown
    assert [turn.state for turn in candor.turns()] == ["abstained", "abstained", "answered", "answered"]
    refused = candor.turns()[1].answer
    assert refused
    assert "Bonus" not in refused.model_dump_json()
    assert candor.object("search", asked, "--group", "board")[0]["title"] == "Bonus"
    assert "Bonus" not in {row["title"] for row in candor.object("search", asked)}
