import re
from contextlib import closing
from pathlib import Path

import pytest

from cli.bootstrap.whole import OWN_DOCS
from core.settings import HomeSettings
from ledger.engine import LedgerSettings, open_ledger
from ledger.tables import feedback
from ledger.transactions import reading
from tests.cli.candor import Candor, read_until
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Say

SECRET = "ghp_" + "Aq7Zx9Lm2Rt5Vw8Yb1Nc4Kd6Pf3Hj0GsTuEi"
RECEIPTS = "To hand in receipts, send them to the accounts team before the fifth of the month."


def thumbs(candor: Candor) -> list[tuple[int, str]]:
    engine = open_ledger(LedgerSettings(), HomeSettings(home=candor.home))
    with closing(engine.raw_connection()), reading(engine) as connection:
        found = [(row.value, row.reason) for row in connection.execute(feedback.select())]
    engine.dispose()
    return found


def test_the_greeting_offers_questions_that_can_be_had_by_number(candor: Candor, furnished: Candor) -> None:
    greeting, *replies = candor.done("chat", typed="1\n3\n4\n").split("\n> ")
    assert f"Candor answers from {furnished.folder / 'handbook'}." in greeting
    assert "candor ingest PATH" in greeting
    offered = dict(re.findall(r"^  (\d)  (.+\?)$", greeting, re.MULTILINE))
    assert list(offered) == ["1", "2", "3", "4"]
    assert greeting.index("does not know") < greeting.index(offered["4"])
    first, third, outside = ("\n> ".join(replies).split(offered[number], 1)[1] for number in "134")
    for reply in (first, third):
        assert reply.startswith("\n> ")
        assert "[1]" in reply.split("\n> ")[1]
    assert outside.startswith("\nI don't know")


def test_follow_ups_ratings_reasons_and_help(candor: Candor) -> None:
    typed = ("+", "/dance", "/help", "When is the front desk open?", "why", "and on weekends?", "- too short")
    shown = candor.done("chat", typed="\n".join(typed))
    assert "There is no answer to rate yet." in shown
    assert "There is no /dance. Type /help" in shown
    assert "/summary NAME  summarise a document" in shown
    assert "The front desk is open from 8:00 to 17:30 on weekdays. [1]" in shown
    assert "*  1 " in shown
    assert "dense" in shown
    assert "Prompt answer, version 2:" in shown
    assert "On weekends the front desk is open from 10:00 to 14:00. [1]" in shown
    assert "Noted: bad (too short)." in shown
    assert thumbs(candor) == [(-1, "too short")]


def test_a_document_and_the_conversation_are_summarised(candor: Candor) -> None:
    typed = "/summary hours.md\nHow do I get a parking pass?\n/summary\n/quit\nnever read\n"
    document, rest = candor.done("chat", typed=typed).split("> How do I get a parking pass?")
    question, thread = rest.split("> /summary\n")
    assert "Summary of “Opening hours”" in document
    assert "8:00 to 17:30 on weekdays. [1]" in document
    assert "ask the front desk" in question
    assert "Summary of this conversation" in thread
    assert "parking pass" in thread
    assert "never read" not in thread


def test_with_nothing_ingested_it_answers_from_its_own_pages_until_there_is_something(
    fresh: Candor, handbook: Path
) -> None:
    shown = fresh.done("chat", typed="How do I add my own documents?\n")
    assert f"Candor answers from {OWN_DOCS}." in shown
    assert "run `candor ingest PATH`" in shown.split("> How do I add my own documents?")[1]
    assert "no longer searched" in fresh.done("ingest", str(handbook))
    assert fresh.object("ask", "How do I add my own documents?")["outcome"] == "abstained"


def test_a_secret_goes_nowhere(candor: Candor) -> None:
    loud = candor.set(log_level="debug")
    ended = loud.run("chat", typed=f"Why does my token {SECRET} not work?\n- {SECRET} is fine\n")
    assert ended.code == 0
    (turn,) = candor.turns()
    assert "[secret: GitHub" in turn.question.text
    everything = ended.err + candor.done("turns", "show", turn.id)
    everything += "".join(path.read_text("latin-1") for path in candor.home.glob("ledger.db*"))
    assert "not work?" in everything
    assert SECRET not in everything
    assert ended.out.count(SECRET) == 2, "what was typed, and nothing else"


@pytest.mark.parametrize("api", ["chat", "responses"])
def test_statements_are_shown_while_the_model_still_writes(
    modelled: Candor, model: OpenAIServer, api: str
) -> None:
    meals = "Meals on business trips are refunded up to 40 euros a day. [1]"
    model.script(Say(f"{RECEIPTS} [1] {meals}", breaks="stall", after=len(RECEIPTS.split()) + 4))
    with modelled.set(openai_api=api).running("chat") as process:
        assert process.stdin
        process.stdin.write("How do I hand in receipts?\n")
        process.stdin.flush()
        shown = read_until(process.stdout, RECEIPTS)
    assert "Meals" not in shown.split("> How do I hand in receipts?")[1]
