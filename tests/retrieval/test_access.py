"""Who may read what: the rule, and the same rule inside the store, against a plain oracle."""

from hypothesis import given, settings
from hypothesis import strategies as st

from core.documents import Document
from retrieval.access import allowed, may_read
from retrieval.index import Index
from retrieval.search import Query, Search
from retrieval.stores.embedded import EmbeddedStore

GROUPS = st.lists(st.sampled_from(["everyone", "staff", "board", "Staff", "a b"]), unique=True, max_size=4)


def test_one_common_group_is_enough_and_none_is_not() -> None:
    assert may_read(["staff", "board"], ["everyone", "board"])
    assert not may_read(["staff"], ["everyone"])
    assert not may_read([], ["everyone"])
    assert not may_read(["everyone"], [])


@settings(max_examples=30, deadline=None)
@given(readers=st.lists(GROUPS, min_size=1, max_size=8), audiences=st.lists(GROUPS, min_size=1, max_size=6))
def test_search_shows_exactly_what_the_audience_may_read(
    lasting: EmbeddedStore, readers: list[list[str]], audiences: list[list[str]]
) -> None:
    search = Search(lasting, None)
    documents = [
        Document(f"d{n}", "s", f"Title {n}", "the holiday policy", "link", tuple(groups))
        for n, groups in enumerate(readers)
    ]
    Index(lasting, None).sync("s", documents)
    for audience in audiences:
        expected = {f"d{n}" for n, groups in enumerate(readers) if set(groups) & set(audience)}
        passages = search.find(Query("holiday policy", tuple(audience)))
        assert {passage.chunk.document_id for passage in passages} == expected
        assert all(allowed(passage.chunk, audience) for passage in passages)
        assert search.documents(audience) == len(expected)
        for n in range(len(readers)):
            found = search.document(f"title {n}", audience)
            assert bool(found) == (f"d{n}" in expected)
