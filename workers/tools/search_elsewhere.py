"""The tool that searches an Elasticsearch or OpenSearch index beside our own."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pydantic import Field, SecretStr, field_validator

from core.documents import Chunk, Passage
from core.errors import CandorError, Misconfigured
from core.messages import EVERYONE, Frozen
from core.settings import Settings
from core.tools import ToolContext, ToolResult
from retrieval.search import Query, Search
from workers.bounded import plain
from workers.failures import Down
from workers.site import Site
from workers.tools import Own, Parts, Supply
from workers.tools._function import Function

_TITLE = "The search server"
_PASSAGES = 8
_LONGEST = 1500
"""Characters of one passage: the fragments of a document that fit the query, or its beginning."""

_FRAGMENTS, _FRAGMENT = 3, 400

_RANK_CONSTANT = 60
"""k of reciprocal rank fusion: Cormack, Clarke and Buettcher, SIGIR 2009."""


class ElsewhereSettings(Settings):
    """The index that `search_elsewhere` searches."""

    search_elsewhere_url: str = Field(
        default="",
        description="An Elasticsearch or OpenSearch server for the tool `search_elsewhere`. Empty: no such "
        "tool.",
    )
    search_elsewhere_index: str = Field(
        default="", description="The name of the index there; it may have a `*` in it."
    )
    search_elsewhere_authorization: SecretStr = Field(
        default=SecretStr(""),
        description="The Authorization header for it, such as `ApiKey ...` or `Basic ...`.",
    )
    search_elsewhere_text: str = Field(default="text", description="The field that has a document's text.")
    search_elsewhere_title: str = Field(default="title", description="The field that has its title.")
    search_elsewhere_link: str = Field(
        default="url", description="The field that has the address where a person opens it."
    )
    search_elsewhere_readers_field: str = Field(
        default="",
        description="The field that lists the groups that may read a document. Empty: the next setting "
        "decides.",
    )
    search_elsewhere_readers: str = Field(
        default=EVERYONE, description="Groups that may search that index at all, with commas between them."
    )

    @field_validator("search_elsewhere_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("should begin with http:// or https://")
        return value

    @property
    def readers(self) -> tuple[str, ...]:
        """The groups, as the setting has them."""
        return tuple(filter(None, (name.strip() for name in self.search_elsewhere_readers.split(","))))


class ElsewhereArguments(Frozen):
    """What is searched for."""

    query: str = Field(min_length=1, max_length=500, description="What to look for.")


class SearchElsewhere(Function[ElsewhereArguments]):
    """A search in both indexes, ranked as one."""

    name = "search_elsewhere"
    description = (
        "Searches the organisation's search server together with the team's own documents. Call it when the "
        "passages that you were given do not answer the question."
    )
    arguments = ElsewhereArguments

    def __init__(self, settings: ElsewhereSettings, search: Search) -> None:
        self._settings = settings
        self._search = search
        key = settings.search_elsewhere_authorization.get_secret_value()
        self._site = Site(settings.search_elsewhere_url, _TITLE, {"Authorization": key} if key else None)

    def run(self, arguments: ElsewhereArguments, context: ToolContext) -> ToolResult:
        """Search there and here, and fuse the ranks."""
        theirs = self._theirs(arguments.query, context)
        try:
            ours = self._search.find(Query(arguments.query, context.question.audience, limit=_PASSAGES))
        except CandorError:
            ours = []  # no index of ours, or none just now: what was found there still helps
        found = fused(theirs, ours)[:_PASSAGES]
        if not found:
            return ToolResult("No passage was found.")
        return ToolResult(f"{len(found)} passages were found.", passages=tuple(found))

    def close(self) -> None:
        """Close the connections to the server."""
        self._site.close()

    def _theirs(self, query: str, context: ToolContext) -> list[Passage]:
        settings = self._settings
        reply = self._site.ask(
            "POST",
            f"/{quote(settings.search_elsewhere_index, safe='*,')}/_search",
            context.deadline,
            json=_request(settings, query, context.groups),
        )
        try:
            answered = json.loads(reply.data)
            hits = answered["hits"]["hits"]
            return [_passage(settings, hit, context.groups) for hit in hits]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Down(f"{_TITLE} answered with an error ({reply.status}).") from None


def supplies(parts: Parts) -> Sequence[Supply]:
    """The tool, where a server is set."""
    settings = ElsewhereSettings()
    if not settings.search_elsewhere_url:
        return ()
    if not settings.search_elsewhere_index:
        raise Misconfigured("CANDOR_SEARCH_ELSEWHERE_INDEX: name the index to search")
    tool = SearchElsewhere(settings, parts.search)
    return (Own(tool, settings.readers, tool.close),)


def fused(*lists: Sequence[Passage]) -> list[Passage]:
    """Passages of several rankings in one, by reciprocal rank; a passage of both counts twice."""
    scores: dict[str, float] = {}
    passages: dict[str, Passage] = {}
    for ranked in lists:
        for rank, passage in enumerate(ranked, start=1):
            key = f"{passage.chunk.source_id}/{passage.chunk.id}"
            passages.setdefault(key, passage)
            scores[key] = scores.get(key, 0.0) + 1 / (_RANK_CONSTANT + rank)
    order = sorted(scores, key=lambda key: -scores[key])
    return [Passage(passages[key].chunk, scores[key], passages[key].scores) for key in order]


def _request(settings: ElsewhereSettings, query: str, groups: Sequence[str]) -> dict[str, Any]:
    """The body of a search, of the part of the query language that both servers share."""
    title, text = settings.search_elsewhere_title, settings.search_elsewhere_text
    matching: dict[str, Any] = {"must": [{"multi_match": {"query": query, "fields": [f"{title}^2", text]}}]}
    if settings.search_elsewhere_readers_field:
        matching["filter"] = [{"terms": {settings.search_elsewhere_readers_field: list(groups)}}]
    return {
        "size": _PASSAGES,
        "query": {"bool": matching},
        "_source": [each for each in (title, text, settings.search_elsewhere_link) if each],
        "highlight": {
            "pre_tags": [""],
            "post_tags": [""],
            "fields": {text: {"number_of_fragments": _FRAGMENTS, "fragment_size": _FRAGMENT}},
        },
    }


def _passage(settings: ElsewhereSettings, hit: Mapping[str, Any], groups: Sequence[str]) -> Passage:
    source = hit["_source"]
    whole = str(source.get(settings.search_elsewhere_text) or "")
    fragments = hit.get("highlight", {}).get(settings.search_elsewhere_text, [])
    text = whole if len(whole) <= _LONGEST else "\n\n".join(map(str, fragments)) or whole
    identity = str(hit["_id"])
    chunk = Chunk(
        id=identity,
        document_id=identity,
        source_id=f"elsewhere:{hit['_index']}",
        title=plain(str(source.get(settings.search_elsewhere_title) or identity)),
        heading=(),
        text=plain(text[:_LONGEST]),
        link=plain(str(source.get(settings.search_elsewhere_link) or "")),
        position=0,
        start=0,
        # The server has filtered by them, or the whole index is for these readers.
        readers=tuple(groups),
    )
    return Passage(chunk, float(hit.get("_score") or 0.0))
