"""The tool loop with every vendor's adapter, on a scripted server that checks what it is sent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.completions import Model
from core.messages import Outcome
from core.tools import ToolResult
from tests.servers.cohere_server import CohereServer
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Call, Say
from tests.workers.answering.fakes import FIFTEEN, THIRTY, FakeTool, said
from tests.workers.answering.parts import Library, Transcript, ask, chunk, passage
from tests.workers.models.conftest import KEY, opened

PASSAGE = "The yard closes at 22:00."
DESK = chunk("The front desk is open until 17:30.", title="Front desk")
GOOD = "The 30-year rate is 6.81% and the 15-year rate 6.02%, as of 2026-11-19."


@pytest.fixture(params=["cohere", "chat", "responses"])
def hosted(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[tuple[OpenAIServer | CohereServer, Model]]:
    monkeypatch.chdir(tmp_path)
    with CohereServer(key=KEY) if request.param == "cohere" else OpenAIServer(key=KEY) as server:
        yield server, opened(monkeypatch, request.param, server)


def test_model_and_tools_take_turns_and_the_answer_streams(
    hosted: tuple[OpenAIServer | CohereServer, Model],
) -> None:
    server, model = hosted
    thirty = FakeTool("thirty", said(THIRTY), takes=("day",))
    fifteen = FakeTool("fifteen", said(FIFTEEN))
    found = FakeTool("search", ToolResult("1 passage was found.", passages=(passage(PASSAGE, title="Yard"),)))
    server.script(
        Say(
            "Let me look. It is 5% [1].",
            calls=(Call("thirty", {"day": "today"}, "call_a"), Call("fifteen", {}, "call_b")),
        ),
        Say(calls=(Call("search", {}, "call_c"),)),
        Say(f"{GOOD} The yard closes at 22:00 [2]."),
    )
    transcript = Transcript()
    answer = ask(
        "What are the 30-year rate and the front desk's hours?",
        Library(DESK),
        model,
        tools=[thirty, fifteen, found],
        transcript=transcript,
    )
    assert answer.outcome is Outcome.ANSWERED
    assert answer.text.startswith(f"{GOOD} The yard closes at 22:00 [1].")
    assert transcript.text == f"{GOOD} The yard closes at 22:00 [1]."
    assert [each.quote for each in answer.citations] == [PASSAGE]
    assert [each.name for each in answer.tools] == ["thirty", "fifteen", "search"]
    assert thirty.ran == [{"day": "today"}]
    assert len(server.requests) == 3
    assert answer.usage.input_tokens > 0


def test_a_wrong_figure_is_written_again_by_the_same_model(
    hosted: tuple[OpenAIServer | CohereServer, Model],
) -> None:
    server, model = hosted
    server.script(
        Say(calls=(Call("thirty"),)),
        Say("The 30-year rate is 6.9%. It is an average."),
        Say("The 30-year rate is 6.81% as of 2026-11-19."),
    )
    answer = ask("What is the 30-year rate?", Library(), model, tools=[FakeTool("thirty", said(THIRTY))])
    assert answer.text.startswith("The 30-year rate is 6.81% as of 2026-11-19. It is an average.")
    assert answer.trace.figures_rewritten == 1
    assert "6.9" not in answer.text


def test_rounds_are_over_for_every_vendor(hosted: tuple[OpenAIServer | CohereServer, Model]) -> None:
    server, model = hosted
    calls = [Say(calls=(Call("thirty", {"day": str(n)}, f"call_{n}"),)) for n in range(4)]
    server.script(*calls, Say("The 30-year rate is 6.81%."))
    tool = FakeTool("thirty", said(THIRTY), takes=("day",))
    answer = ask("What is the 30-year rate?", Library(), model, tools=[tool])
    assert answer.outcome is Outcome.ANSWERED
    assert [bool(each.body.get("tools")) for each in server.requests] == [True] * 4 + [False]
