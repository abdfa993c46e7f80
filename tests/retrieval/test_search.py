"""Search over documents that were ingested."""

from collections.abc import Callable

import pytest

from core.documents import Document
from core.errors import IndexMissing
from retrieval.index import Index
from retrieval.search import Query, Search
from retrieval.stores import Collection
from retrieval.stores.embedded import EmbeddedStore
from tests.retrieval.conftest import ToyEmbedder

EVERYONE = ("everyone",)


@pytest.fixture
def search(embedded: EmbeddedStore, toy: ToyEmbedder) -> Search:
    index = Index(embedded, toy)
    paragraph = "Staff may carry over five days of holiday into the next year. " * 12
    index.sync(
        "handbook",
        [
            Document(
                "people/holiday.md",
                "handbook",
                "Time off",
                f"# Time off\n\n{paragraph}\n\n## Sick leave\n\n{paragraph}",
                "l",
            ),
            Document("it/passwords.md", "handbook", "Passwords", "Change your password every year.", "l"),
            Document("it/vpn.md", "handbook", "Holiday.md", "Connect to the network from home.", "l"),
        ],
    )
    index.sync("wiki", [Document("vpn.md", "wiki", "VPN", "The network of the wiki.", "l", ("staff",))])
    return Search(embedded, toy)


def test_the_right_document_comes_first_with_both_scores(search: Search) -> None:
    passages = search.find(Query("change password", EVERYONE, scored=True))
    assert passages[0].chunk.document_id == "it/passwords.md"
    assert passages[0].chunk.text == "Change your password every year."
    assert passages[0].scores.keys() == {"dense", "sparse"}
    assert [p.score for p in passages] == sorted((p.score for p in passages), reverse=True)


def test_the_limit_holds(search: Search) -> None:
    assert len(search.find(Query("network holiday password", EVERYONE, limit=2))) == 2


def test_only_the_sources_and_the_document_asked_for_are_searched(search: Search) -> None:
    both = ("everyone", "staff")
    wiki = search.find(Query("network", both, source_ids=("wiki",)))
    assert {p.chunk.source_id for p in wiki} == {"wiki"}
    one = search.find(Query("network", both, document_id="it/vpn.md"))
    assert {p.chunk.document_id for p in one} == {"it/vpn.md"}


@pytest.mark.parametrize("text", ["", "   ", "the of and", "🙂", "\0", "x" * 20000, "'; drop table --"])
def test_odd_queries_do_no_harm(search: Search, text: str) -> None:
    assert isinstance(search.find(Query(text, EVERYONE)), list)


@pytest.mark.parametrize("name", ["people/holiday.md", "PEOPLE/Holiday.md", "time off", " Time  Off "])
def test_a_document_is_found_by_its_names_in_order(search: Search, name: str) -> None:
    chunks = search.document(name, EVERYONE)
    assert {chunk.document_id for chunk in chunks} == {"people/holiday.md"}
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))
    assert len(chunks) > 1
    assert chunks[-1].heading == ("Time off", "Sick leave")


def test_a_file_name_counts_for_more_than_a_title(search: Search) -> None:
    assert search.document("holiday.md", EVERYONE)[0].document_id == "people/holiday.md"


def test_a_document_that_is_not_there_or_not_for_this_audience_is_empty(search: Search) -> None:
    assert search.document("nothing.md", EVERYONE) == []
    assert search.document("VPN", EVERYONE)[0].source_id == "handbook"
    assert search.document("vpn.md", ("staff",))[0].source_id == "wiki"
    assert search.document("passwords.md", ("staff",)) == []


def test_documents_are_counted_for_each_audience(search: Search) -> None:
    assert search.documents(EVERYONE) == 3
    assert search.documents(("staff",)) == 1
    assert search.documents(("staff", "everyone")) == 4
    assert search.documents(()) == 0


@pytest.mark.parametrize(
    "ask",
    [
        lambda search: search.find(Query("x", EVERYONE)),
        lambda search: search.document("x", EVERYONE),
        lambda search: search.documents(EVERYONE),
    ],
)
def test_without_an_index_it_says_what_to_do(
    embedded: EmbeddedStore, ask: Callable[[Search], object]
) -> None:
    with pytest.raises(IndexMissing, match="candor ingest"):
        ask(Search(embedded, None))


def test_an_index_of_another_embedder_is_refused_with_the_setting(
    embedded: EmbeddedStore, toy: ToyEmbedder
) -> None:
    embedded.create(Collection("other:model", 99))
    with pytest.raises(IndexMissing, match=r"CANDOR_EMBEDDER: .*other:model.*toy:words"):
        Search(embedded, toy).find(Query("x", EVERYONE))


def test_an_index_that_comes_later_is_seen(embedded: EmbeddedStore) -> None:
    search = Search(embedded, None)
    with pytest.raises(IndexMissing):
        search.documents(EVERYONE)
    Index(embedded, None).sync("s", [Document("d", "s", "T", "words", "l")])
    assert search.documents(EVERYONE) == 1
