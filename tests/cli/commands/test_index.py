from tests.cli.candor import Candor, read_until, stop


def test_the_index_is_served_to_other_processes_by_one_alone(candor: Candor) -> None:
    with candor.running("index", "serve") as process:
        assert "Serving the index on http://127.0.0.1:" in read_until(process.stdout, ".\n")
        assert candor.object("search", "parking pass")[0]["title"] == "Parking"
        assert "serves the index already" in candor.refused("index", "serve")
        assert stop(process) == 0
        assert process.stderr
        assert process.stderr.read() == ""


def test_there_is_nothing_to_serve_where_a_server_has_the_index(candor: Candor) -> None:
    line = candor.set(qdrant_url="http://127.0.0.1:6333").refused("index", "serve")
    assert "CANDOR_QDRANT_URL" in line
