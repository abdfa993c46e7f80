"""The index is gone, broken or out of reach: a plain sentence, and the turn ends."""

import shutil

import pytest

from core.errors import IndexMissing, IndexUnavailable
from tests.cli.candor import Candor

ASKED = "How do I hand in receipts?"


def test_an_index_that_is_gone_is_said_plainly(candor: Candor) -> None:
    shutil.rmtree(candor.home / "index")
    ended = candor.run("ask", ASKED)
    assert ended.code == 1
    assert ended.out.strip() == IndexMissing.say
    assert ended.err.startswith("candor: ")
    assert "candor ingest" in ended.err
    assert [turn.state for turn in candor.turns()] == ["failed"]
    candor.done("sources", "sync")
    assert "to the accounts team" in candor.done("ask", ASKED)


def test_a_damaged_index_is_named_before_anything_is_asked(candor: Candor) -> None:
    for path in (candor.home / "index").rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    assert f"CANDOR_HOME: cannot open the index in {candor.home}" in candor.refused("ask", ASKED)
    assert candor.turns() == []


@pytest.mark.slow
def test_an_index_server_that_is_down_is_tried_four_times(candor: Candor) -> None:
    ended = candor.set(qdrant_url="http://127.0.0.1:9").run("ask", ASKED)
    assert ended.code == 1
    assert ended.out.strip() == IndexUnavailable.say
    assert ended.err.startswith("candor: CANDOR_QDRANT_URL")
    assert [(turn.state, turn.attempt) for turn in candor.turns()] == [("failed", 4)]
