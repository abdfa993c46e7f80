from tests.cli.candor import Candor, eventually
from tests.servers.openai_server import OpenAIServer
from tests.servers.scripts import Fail

ASKED = "How do I hand in receipts?"


def test_turns_are_listed_newest_first_and_shown_by_the_beginning_of_their_id(candor: Candor) -> None:
    candor.done("chat", typed=f"{ASKED}\nWho won the football world cup in 1998?\n")
    newest, oldest = candor.done("turns", "list").splitlines()
    assert "abstained  Who won" in newest
    assert f"answered   {ASKED}" in oldest
    assert candor.done("turns", "list", "--outcome", "abstained").splitlines() == [newest]
    turn = oldest.split()[0]
    shown = candor.done("turns", "show", turn[:14])
    assert f"Question: {ASKED}" in shown
    assert "to the accounts team" in shown
    assert f"Turn {turn}: answered by extractive, attempt 1" in shown
    assert "only a failed turn" in candor.refused("turns", "redrive", turn)
    assert "'000000'" in candor.refused("turns", "show", "000000")


def test_a_failed_turn_is_redriven_once_its_cause_is_mended(modelled: Candor, model: OpenAIServer) -> None:
    model.script(Fail(401))
    ended = modelled.run("ask", ASKED)
    assert ended.code == 1
    assert ended.out.strip() == (
        "The language model did not accept my request. Please tell the person who runs me."
    )
    assert ended.err.startswith("candor: CANDOR_OPENAI_API_KEY: ")
    (failed,) = modelled.turns()
    assert "CANDOR_OPENAI_API_KEY" in failed.error
    assert "waits for a worker" in modelled.done("turns", "redrive", failed.id)
    # The first attempt after a redrive may fail like any other, and another is made.
    model.script(Fail(500, headers={"x-should-retry": "false"}))
    with modelled.running("up"):
        eventually(lambda: modelled.turns()[0].finished_at)
    (turn,) = modelled.turns()
    assert (turn.state, turn.attempt) == ("answered", 2)
    assert turn.answer
    assert "to the accounts team" in turn.answer.text
