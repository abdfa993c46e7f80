"""Ranking: chunks in no store, by words and by meaning."""

import pytest

from core.documents import Chunk
from retrieval.embedders import Embedder
from retrieval.ranking import Ranking
from tests.retrieval.conftest import ToyEmbedder


def chunks(*texts: str) -> list[Chunk]:
    return [
        Chunk(f"c{n}", "d", "s", "Notes", (), text, "", n, 0, ("everyone",)) for n, text in enumerate(texts)
    ]


GIVEN = chunks(
    "The kitchen is cleaned on Fridays.",
    "Visitors leave the yard before nine.",
    "The yard is swept in the morning.",
)


@pytest.mark.parametrize("embedder", [None, ToyEmbedder()])
def test_the_chunk_that_fits_best_comes_first(embedder: Embedder | None) -> None:
    ranked = Ranking(embedder).rank("When do visitors leave the yard?", GIVEN)
    assert [passage.chunk.position for passage in ranked][:2] == [1, 2]
    assert sorted(passage.chunk.position for passage in ranked) == [0, 1, 2]
    assert ranked[0].score > ranked[1].score


def test_meaning_finds_what_no_word_does(packaged: Embedder) -> None:
    ranked = Ranking(packaged).rank(
        "Where do cars stand?", chunks("The soup is hot.", "Parking is in the north.")
    )
    assert ranked[0].chunk.text == "Parking is in the north."
    assert ranked[0].scores["dense"] > ranked[1].scores["dense"]


def test_where_nothing_fits_they_stay_in_their_order() -> None:
    ranked = Ranking().rank("unicorns", GIVEN)
    assert [passage.chunk.position for passage in ranked] == [0, 1, 2]
    assert {passage.score for passage in ranked} == {0.0}


def test_nothing_is_ranked_as_nothing() -> None:
    assert Ranking().rank("yard", []) == []
