"""The tool with which a model searches the documents once more, in its own words."""

from collections.abc import Sequence

from pydantic import Field

from core.messages import Frozen
from core.tools import ToolContext, ToolResult
from retrieval.search import Query, Search
from workers.tools import Own, Parts, Supply
from workers.tools._function import Function

_PASSAGES = 8


class SearchArguments(Frozen):
    """What is searched for."""

    query: str = Field(
        min_length=1, max_length=500, description="What to look for: a question or the words of an answer."
    )


class SearchDocuments(Function[SearchArguments]):
    """A further search."""

    name = "search_documents"
    description = (
        "Searches the team's own documents again. Call it when the passages that you were given do not "
        "answer the question, or answer only a part of it, with other words than the question's own."
    )
    arguments = SearchArguments

    def __init__(self, search: Search) -> None:
        self._search = search

    def run(self, arguments: SearchArguments, context: ToolContext) -> ToolResult:
        """Search what the audience may read."""
        sources = context.question.manner.sources
        found = self._search.find(
            Query(arguments.query, context.question.audience, limit=_PASSAGES, source_ids=sources)
        )
        if not found:
            return ToolResult("No passage was found.")
        return ToolResult(f"{len(found)} passages were found.", passages=tuple(found))


def supplies(parts: Parts) -> Sequence[Supply]:
    """The tool."""
    return (Own(SearchDocuments(parts.search)),)
