"""The model in this process calls a tool where a question is plainly one for it, and only there."""

import datetime as dt
import json
from typing import Any

import pytest

from core.completions import NO_ANSWER, Completion, CompletionRequest, Message, StopReason, ToolSpec
from core.documents import Chunk, Passage
from core.settings import HomeSettings
from prompts.render import render, tool_block
from retrieval.embedders import Embedder, EmbedderSettings, open_embedder
from workers.models.extractive import create
from workers.models.extractive.tools import choose
from workers.models.extractive.vectors import Vectors

TODAY = dt.date(2026, 11, 20)
RATES = ToolSpec(
    "get_mortgage_rates",
    "Current and past average mortgage interest rates in the United States, from Freddie Mac's weekly survey "
    "(30-year and 15-year fixed), with date and source. Call it for any question about what mortgage rates "
    "are or were: no document knows them.",
    {
        "type": "object",
        "properties": {
            "product": {"enum": ["30-year fixed", "15-year fixed", "both fixed", "5/1-year adjustable"]},
            "as_of": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        },
    },
)
CONVERSION = ToolSpec(
    "convert_currency",
    "Converts an amount of money from one currency to another at the European Central Bank's reference rate "
    "of today or of a past day, with the rate, its date and source. Call it for any question about exchange "
    "rates or what an amount is in another currency.",
    {
        "type": "object",
        "properties": {
            "amount": {"type": "number", "description": "How much."},
            "from": {"type": "string", "description": "Its currency as an ISO 4217 code."},
            "to": {"type": "string", "description": "The currency that is wanted."},
            "as_of": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
        },
        "required": ["amount", "from", "to"],
    },
)
SEARCH = ToolSpec(
    "search_documents",
    "Searches the team's own documents again.",
    {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]},
)
TOOLS = (RATES, CONVERSION, SEARCH)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    home = HomeSettings(home=tmp_path_factory.mktemp("home"))
    opened = open_embedder(EmbedderSettings(embedder="packaged"), home)
    assert opened
    return opened


@pytest.fixture(scope="module")
def vectors(embedder: Embedder) -> Vectors:
    return Vectors(embedder)


def called(question: str, vectors: Vectors | None) -> tuple[str, dict[str, Any]] | None:
    call = choose(question, TOOLS, vectors, TODAY)
    return (call.name, json.loads(call.arguments)) if call else None


@pytest.mark.parametrize(
    ("question", "arguments"),
    [
        ("what is the 30-year rate now?", {"product": "30-year fixed"}),
        ("How high is the 15-year rate?", {"product": "15-year fixed"}),
        ("How much is the 30-year fixed today?", {"product": "30-year fixed"}),
        ("What does a 15-year fixed cost right now?", {"product": "15-year fixed"}),
        ("What are the 30 and 15 year rates?", {"product": "both fixed"}),
        ("What are mortgage rates today?", {}),
        ("current home loan rates", {}),
        (
            "What was the 30-year mortgage rate on 2024-05-16?",
            {"product": "30-year fixed", "as_of": "2024-05-16"},
        ),
        (
            "What did a 30-year mortgage cost in May 2024?",
            {"product": "30-year fixed", "as_of": "2024-05-31"},
        ),
        ("What were mortgage rates in 2019?", {"as_of": "2019-12-31"}),
        ("What were mortgage rates last week?", {"as_of": "2026-11-13"}),
        ("What was the adjustable mortgage rate?", {"product": "5/1-year adjustable"}),
    ],
)
def test_rates_are_looked_up_with_what_the_question_says(
    question: str, arguments: dict[str, Any], vectors: Vectors
) -> None:
    assert called(question, vectors) == ("get_mortgage_rates", arguments)


@pytest.mark.parametrize(
    ("question", "amount", "pair"),
    [
        ("What is 250 USD in EUR?", 250, ("USD", "EUR")),
        ("How many euros are 100 dollars?", 100, ("USD", "EUR")),
        ("how much is €50 in yen", 50, ("EUR", "JPY")),
        ("How much is 1,000 CHF in EUR?", 1000, ("CHF", "EUR")),
        ("What is the dollar to euro rate today?", 1, ("USD", "EUR")),
        ("What's the current exchange rate of the pound to the dollar?", 1, ("GBP", "USD")),
    ],
)
def test_amounts_are_converted_from_the_currency_that_they_are_in(
    question: str, amount: float, pair: tuple[str, str], vectors: Vectors
) -> None:
    assert called(question, vectors) == (
        "convert_currency",
        {"amount": amount, "from": pair[0], "to": pair[1]},
    )


@pytest.mark.parametrize(
    "question",
    [
        "How do I start the rates service?",
        "What does the rates service answer?",
        "Why did mortgage rates rise?",
        "Where do visitors park?",
        "What is the retention period for 30-year archives?",
        "What is the discount rate in the 30-year plan?",
        "What discount rate does the 30-year pension plan use?",
        "What was the Thirty Years War about?",
        "What are the rate limits of the API?",
        "What is the price in USD and EUR?",
        "How many euros is the hotel limit?",
        "Which currency do we pay in, USD or EUR?",
        "What is the mortgage policy for employees?",
        "Search the team's own documents again.",
        "",
    ],
)
def test_questions_for_documents_are_left_to_them(question: str, vectors: Vectors) -> None:
    assert called(question, vectors) is None


def test_without_vectors_no_tool_is_chosen() -> None:
    assert called("What are mortgage rates today?", None) is None


def asking(question: str, embedder: Embedder, *transcript: Message, text: str = "") -> Completion:
    chunk = Chunk("c", "d", "s", "Page", (), text, "/p.md", 0, 0, ("everyone",))
    passages = (Passage(chunk, 1.0),) if text else ()
    prompt = render(
        "answer", question=question, passages=passages, history=(), no_answer=NO_ANSWER, tools=True
    )
    return create("", embedder).complete(CompletionRequest(prompt, transcript=transcript, tools=TOOLS))


def test_it_calls_and_then_tells_what_came_back(embedder: Embedder) -> None:
    first = asking("What are mortgage rates today?", embedder)
    assert first.stop is StopReason.TOOL_CALLS
    said = Message("assistant", "", tool_calls=first.tool_calls)
    block = tool_block("30 years: 6.81 percent.\n15 years: 6.02 percent.", (), first=1, failed=False)
    result = Message("tool", block, tool_call_id=first.tool_calls[0].id)
    second = asking("What are mortgage rates today?", embedder, said, result)
    assert (second.stop, second.text) == (
        StopReason.END,
        "30 years: 6.81 percent.\n\n15 years: 6.02 percent.",
    )


def test_a_result_that_failed_leaves_the_documents_to_answer(embedder: Embedder) -> None:
    result = Message("tool", tool_block("It is down.", (), first=1, failed=True), tool_call_id="x")
    text = "Mortgage rates are on the bank's own page, which is updated daily."
    assert asking("Where are mortgage rates?", embedder, result).text == NO_ANSWER
    assert text in asking("Where are mortgage rates?", embedder, result, text=text).text


def test_what_a_tool_is_for_is_embedded_once(embedder: Embedder) -> None:
    class Counting:
        seen: list[str]

        def __init__(self) -> None:
            self.seen = []

        def __getattr__(self, name: str) -> Any:
            return getattr(embedder, name)

        def embed_documents(self, texts: list[str]) -> Any:
            self.seen += texts
            return embedder.embed_documents(texts)

    counting = Counting()
    vectors = Vectors(counting)  # type: ignore[arg-type]
    for question in ("What are mortgage rates today?", "What is the 30-year rate?", "What is 5 USD in EUR?"):
        assert choose(question, TOOLS, vectors, TODAY)
    assert len(counting.seen) == len(set(counting.seen)) > 0
