"""A further search of our own documents."""

from core.documents import Passage
from core.messages import EVERYONE, Audience
from retrieval.search import Query
from tests.workers.answering.parts import Library, chunk
from tests.workers.tools.calls import call
from workers.bounded import ToolSettings
from workers.tools.search_documents import SearchDocuments


class Leaky(Library):
    """A store that forgets the readers."""

    def find(self, query: Query) -> list[Passage]:
        return [Passage(each, 1.0) for each in self._chunks]


def test_the_models_own_words_are_searched_for_the_audience() -> None:
    library = Library(chunk("The doorkey lies under the mat."))
    result = call(SearchDocuments(library), '{"query": "doorkey"}', EVERYONE, "hr")
    assert [passage.chunk.text for passage in result.passages] == ["The doorkey lies under the mat."]
    assert library.queries[-1].text == "doorkey"
    assert library.queries[-1].rights == Audience(groups=(EVERYONE, "hr"))


def test_what_the_audience_may_not_read_is_dropped_once_more() -> None:
    library = Leaky(chunk("Open."), chunk("Secret.", readers=("hr",)))
    assert [p.chunk.text for p in call(SearchDocuments(library), '{"query": "x"}').passages] == ["Open."]


def test_passages_beyond_the_size_are_dropped_and_the_first_stays() -> None:
    library = Leaky(*(chunk("word " * 200) for _ in range(5)))
    few = call(SearchDocuments(library), '{"query": "x"}', settings=ToolSettings(tool_result_tokens=600))
    one = call(SearchDocuments(library), '{"query": "x"}', settings=ToolSettings(tool_result_tokens=100))
    assert (len(few.passages), len(one.passages)) == (2, 1)
