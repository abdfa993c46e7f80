"""A search in somebody else's index beside ours."""

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from core.errors import IndexMissing, Misconfigured
from core.messages import EVERYONE
from core.tools import ToolResult
from retrieval.search import Query
from tests.servers.scripts import Fail, Raw
from tests.servers.search_server import SearchServer
from tests.workers.answering.parts import Library, chunk
from tests.workers.tools.calls import call
from workers.tools.search_elsewhere import ElsewhereSettings, SearchElsewhere

LONG = (
    "Nothing of interest. " * 200 + "The spare key of the boiler hangs in the cellar. " + "More of it. " * 200
)
DOCUMENTS = {
    "1": {
        "title": "Boiler",
        "text": "The boiler is serviced in May.",
        "url": "https://wiki/1",
        "acl": [EVERYONE],
    },
    "2": {"title": "Cellar", "text": LONG, "url": "https://wiki/2", "acl": [EVERYONE]},
    "3": {
        "title": "Boiler costs",
        "text": "The boiler cost a fortune.",
        "url": "https://wiki/3",
        "acl": ["hr"],
    },
}


class NoIndex(Library):
    def find(self, query: Query) -> list:  # type: ignore[type-arg]
        raise IndexMissing("there is no index yet")


@pytest.fixture
def server() -> Iterator[SearchServer]:
    with SearchServer("team", DOCUMENTS) as made:
        yield made


def ask(
    server: SearchServer,
    query: str = "boiler key",
    *groups: str,
    index: str = "team",
    ours: Library | None = None,
) -> ToolResult:
    settings = ElsewhereSettings(
        search_elsewhere_url=server.url, search_elsewhere_index=index, search_elsewhere_readers_field="acl"
    )
    with closing(SearchElsewhere(settings, ours or NoIndex())) as tool:
        return call(tool, json.dumps({"query": query}), *groups)


def test_what_the_audience_may_read_there_is_found(server: SearchServer) -> None:
    result = ask(server)
    assert not result.failed, result.text
    titles = [passage.chunk.title for passage in result.passages]
    assert titles == ["Boiler", "Cellar"]
    assert result.passages[0].chunk.link == "https://wiki/1"
    assert result.passages[0].chunk.text == "The boiler is serviced in May."


def test_a_group_finds_what_is_its_own(server: SearchServer) -> None:
    titles = [passage.chunk.title for passage in ask(server, "boiler key", EVERYONE, "hr").passages]
    assert "Boiler costs" in titles


def test_of_a_long_document_the_part_that_fits_is_taken(server: SearchServer) -> None:
    cellar = ask(server).passages[1]
    assert "spare key of the boiler" in cellar.chunk.text
    assert len(cellar.chunk.text) <= 1500


def test_ours_and_theirs_are_one_ranking(server: SearchServer) -> None:
    ours = Library(chunk("The boiler key lies under the mat."))
    found = ask(server, ours=ours).passages
    sources = [passage.chunk.source_id for passage in found]
    assert sources[:2].count("elsewhere:team") == 1
    assert len(sources) == 3
    assert [passage.score for passage in found] == sorted((p.score for p in found), reverse=True)


def test_nothing_found_is_no_failure(server: SearchServer) -> None:
    result = ask(server, "zebra")
    assert (result.failed, result.passages, result.text) == (False, (), "No passage was found.")


def test_an_index_that_is_not_there_is_told(server: SearchServer) -> None:
    result = ask(server, index="other")
    assert result.failed
    assert result.text == "The search server answered with an error (404)."


def test_nonsense_and_errors_are_told(server: SearchServer) -> None:
    server.script(Raw(b"<html>"), Fail(503, "overloaded"), Raw(b'{"hits": []}'))
    for _ in range(3):
        result = ask(server)
        assert result.failed
        assert result.text.startswith("The search server answered with an error")


def test_a_server_that_is_down_is_told() -> None:
    with SearchServer("team", DOCUMENTS) as server:
        pass
    result = ask(server)
    assert (result.failed, result.text) == (True, "The search server cannot be reached.")


def test_an_address_that_is_none_is_named() -> None:
    with pytest.raises(Misconfigured, match="CANDOR_SEARCH_ELSEWHERE_URL"):
        ElsewhereSettings(search_elsewhere_url="search:9200")
