"""The model fails: the asker gets an answer all the same where a later attempt makes one, else a sentence."""

import pytest

from core.errors import ModelUnavailable
from tests.cli.candor import Candor
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Fail, Raw, Say, Step

ASKED = "How do I hand in receipts?"
ANSWER = "To hand in receipts, send them to the accounts team before the fifth of the month. [1]"


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([Fail(500), Fail(503)], id="errors", marks=pytest.mark.slow),
        pytest.param([Fail(429, headers={"Retry-After": "0"})], id="over its limit", marks=pytest.mark.slow),
        pytest.param([Raw(b"<html>proxy</html>", "text/html")], id="no model", marks=pytest.mark.slow),
        pytest.param([Say(f"{ANSWER} More.", breaks="cut", after=2)], id="cut", marks=pytest.mark.slow),
        pytest.param([Say(f"{ANSWER} More.", breaks="cut", after=len(ANSWER.split()))], id="cut when shown"),
        pytest.param([Say(ANSWER, breaks="malformed", after=3)], id="malformed", marks=pytest.mark.slow),
        pytest.param([Say(ANSWER, delay=60)], id="too slow"),
    ],
)
def test_a_model_that_comes_back_answers(modelled: Candor, model: OpenAIServer, faults: list[Step]) -> None:
    model.script(*faults)
    out = modelled.set(turn_seconds="3").done("ask", ASKED)
    assert out.count("to the accounts team before the fifth of the month. [1]") == 1
    assert "[1] Expenses" in out
    assert [turn.state for turn in modelled.turns()] == ["answered"]


def test_a_model_that_stays_down_ends_in_a_plain_sentence_and_a_failed_turn(candor: Candor) -> None:
    down = candor.set(openai_base_url="http://127.0.0.1:9/v1", model_strong="openai:m", turn_seconds="1")
    ended = down.run("ask", ASKED)
    assert ended.code == 1
    assert ended.out.strip() == ModelUnavailable.say
    assert ended.err.startswith("candor: CANDOR_OPENAI_BASE_URL: 127.0.0.1:9 ")
    assert ended.err.count("\n") == 1
    (turn,) = candor.turns()
    assert (turn.state, turn.attempt) == ("failed", 4)
    assert turn.answer
    assert turn.answer.text == ModelUnavailable.say
