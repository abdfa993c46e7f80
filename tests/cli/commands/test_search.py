from tests.cli.candor import Candor
from tests.servers.cohere_server import CohereServer
from tests.servers.scripts import Fail

KEYS = ["rank", "score", "document_id", "title", "heading", "text", "source", "scores"]


def test_json_has_the_promised_fields_best_first(candor: Candor, furnished: Candor) -> None:
    rows = candor.object("search", "parking pass", "--top", "3")
    assert [row["rank"] for row in rows] == [1, 2, 3]
    assert all(list(row) == KEYS for row in rows)
    assert rows[0]["document_id"] == "office/parking.html"
    assert rows[0]["source"] == str(furnished.folder / "handbook" / "office" / "parking.html")
    assert "A parking pass is valid for one day." in rows[0]["text"]
    assert sorted((row["score"] for row in rows), reverse=True) == [row["score"] for row in rows]


def test_text_shows_a_line_for_each_passage_and_its_words(candor: Candor) -> None:
    shown = candor.done("search", "flights", "--top", "1")
    assert "travel.txt" in shown
    assert "Flights under 500 kilometres are not refunded." in shown


def test_an_index_with_nothing_in_it_is_said_plainly(fresh: Candor) -> None:
    assert "candor ingest" in fresh.refused("search", "flights")


def test_passages_stand_in_the_order_that_the_reranker_gives_them(candor: Candor) -> None:
    fused = candor.object("search", "front desk")
    with CohereServer(key="key") as server:
        keyed = candor.set(
            cohere_base_url=server.url, cohere_api_key="key", reranker="cohere:scripted-reranker"
        )
        reranked = keyed.object("search", "front desk")
        verdicts = [row["scores"]["rerank"] for row in reranked]
        assert verdicts == sorted(verdicts, reverse=True)
        assert [row["rank"] for row in reranked] == list(range(1, len(fused) + 1))
        scores = {row["text"]: row["score"] for row in fused}
        assert {row["text"]: row["scores"]["fused"] for row in reranked} == scores
        assert len(keyed.object("search", "front desk", "--top", "2")) == 2
        assert "rerank" not in keyed.set(reranker="none").object("search", "front desk")[0]["scores"]


def test_a_reranker_that_fails_leaves_the_order_and_says_so(candor: Candor) -> None:
    fused = candor.object("search", "front desk")
    with CohereServer(key="key") as server:
        server.script(*[Fail(500)] * 5)
        ended = candor.set(
            cohere_base_url=server.url, cohere_api_key="key", reranker="cohere:scripted-reranker"
        ).run("search", "front desk", "--json")
    assert (ended.code, ended.json) == (0, fused)
    assert "not reranked" in ended.err
