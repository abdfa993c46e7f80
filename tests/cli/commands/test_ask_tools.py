"""Whole turns with the real tools: the command, the rates service that it starts, files for its sources."""

import json
from pathlib import Path

import pytest

from tests.cli.candor import Candor
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Call, Say
from tests.services.files import EUROS, STEADY, WEEKS, fred, pmms

LAST = WEEKS[-1]
VALUE = f"{STEADY[LAST]:.2f}"


def rated(candor: Candor, folder: Path) -> Candor:
    """The command, with sources of rates that end on a day long past."""
    sources = {"pmms": pmms(STEADY), "fred": fred(STEADY), "ecb": EUROS}
    for name, body in sources.items():
        (folder / name).write_bytes(body)
    urls = {f"rates_{name}_url": (folder / name).as_uri() for name in sources}
    # The service is started by the first call, which takes its time on a busy machine.
    return candor.set(**urls, tool_seconds="50", tool_round_seconds="50")


def test_the_embedded_default_answers_with_value_day_and_source(candor: Candor, tmp_path: Path) -> None:
    shown = rated(candor, tmp_path).object("ask", "what is the 30-year rate now?")
    assert shown["outcome"] == "answered"
    assert f"{VALUE} percent, as of {LAST}" in shown["answer"]
    assert "Freddie Mac Primary Mortgage Market Survey" in shown["answer"]
    assert "not an offer" in shown["answer"]
    (tool,) = shown["tools"]
    assert (tool["name"], json.loads(tool["arguments"])) == (
        "get_mortgage_rates",
        {"product": "30-year fixed"},
    )
    assert json.loads(tool["result"])["facts"][0]["value"] == VALUE


def test_amounts_are_converted_on_the_embedded_default(candor: Candor, tmp_path: Path) -> None:
    shown = rated(candor, tmp_path).object("ask", "What is 100 EUR in USD?")
    assert "116.84 USD" in shown["answer"]
    assert str(LAST) in shown["answer"]


def test_a_question_for_the_documents_calls_no_tool(candor: Candor) -> None:
    shown = candor.set(rates_url="http://127.0.0.1:1").object("ask", "How do I hand in receipts?")
    assert shown["outcome"] == "answered"
    assert shown["tools"] == []


def test_a_service_that_is_down_is_said(candor: Candor) -> None:
    shown = candor.set(rates_url="http://127.0.0.1:1").object("ask", "what is the 30-year rate now?")
    assert shown["outcome"] == "abstained"
    assert "rates service" in shown["answer"]
    assert json.loads(shown["tools"][0]["result"])["failed"] is True


@pytest.mark.parametrize("words", ["The 30-year rate is 5.9% today.", "The 15-year rate is {value}%."])
def test_a_model_cannot_say_another_value_than_the_service(
    modelled: Candor, model: OpenAIServer, tmp_path: Path, words: str
) -> None:
    wrong = words.format(value=VALUE)
    good = f"The 30-year rate was {VALUE}% as of {LAST}."
    model.script(
        Say(calls=(Call("get_mortgage_rates", {"product": "30-year fixed", "as_of": None}),)),
        Say(wrong),
        Say(good),
    )
    shown = rated(modelled, tmp_path).object("ask", "What is the 30-year rate?")
    assert shown["answer"].startswith(good)
    assert wrong not in shown["answer"]
    assert "_This value is stale:" in shown["answer"]
    assert "not an offer" in shown["answer"]
