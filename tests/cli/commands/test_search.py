from tests.cli.candor import Candor

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
