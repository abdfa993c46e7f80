"""A scripted server with version 2 of Cohere's API: chat, embed, rerank."""

from collections.abc import Callable
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tests.servers import cohere_chat
from tests.servers.cohere_chat import ChatRequest
from tests.servers.scripted_http import Out, Refused, Route, ScriptedServer, arguments
from tests.servers.scripts import Say
from tests.servers.vectors import overlap, vector

MODELS = ("scripted", "scripted-small", "scripted-embedder", "scripted-reranker")

_MOST_TEXTS = 96
_DIMENSIONS = 256
_Request = TypeVar("_Request", bound=BaseModel)


class _EmbedRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model: str
    input_type: Literal["search_document", "search_query", "classification", "clustering"]
    texts: list[str] = Field(max_length=_MOST_TEXTS)
    embedding_types: list[Literal["float"]] = ["float"]
    output_dimension: int = _DIMENSIONS
    truncate: str = "END"


class _RerankRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model: str
    query: str
    documents: list[str] = Field(min_length=1, max_length=1000)
    top_n: int | None = Field(default=None, gt=0)
    max_tokens_per_doc: int = 4096


class CohereServer(ScriptedServer):
    """Cohere's API on loopback; its models are `MODELS`, and `url` is its root for a client.

    Args:
        key: what has to come as bearer token; empty for a server that needs none.
        port: 0 takes a free one.
    """

    scripted: ClassVar[frozenset[str]] = frozenset({"/v2/chat", "/v2/embed", "/v2/rerank"})

    def routes(self) -> dict[str, Route]:
        return {
            "/v2/chat": _checked(ChatRequest, cohere_chat.reply),
            "/v2/embed": _checked(_EmbedRequest, _embed),
            "/v2/rerank": _checked(_RerankRequest, _rerank),
        }

    def error(self, status: int, message: str) -> dict[str, Any]:
        return {"id": "scripted", "message": message}


def _checked(shape: type[_Request], reply: Callable[[_Request, Say | None], Out]) -> Route:
    def route(body: dict[str, Any], step: Say | None) -> Out:
        if body.get("model") not in MODELS:
            raise Refused(404, f"model {body.get('model')!r} not found")
        try:
            request = shape.model_validate(body)
        except ValidationError as error:
            problem = error.errors()[0]
            place = ".".join(str(part) for part in problem["loc"])
            status = 400 if problem["type"] == "extra_forbidden" else 422
            raise Refused(status, f"{place}: {problem['msg']}") from None
        return reply(request, step)

    return route


def _embed(request: _EmbedRequest, _step: Say | None) -> Out:
    vectors = [vector(text, request.output_dimension) for text in request.texts]
    words = sum(len(text.split()) for text in request.texts)
    meta = {"api_version": {"version": "2"}, "billed_units": {"input_tokens": words}}
    return Out(
        {
            "id": "embed-scripted",
            "response_type": "embeddings_by_type",
            "embeddings": {"float": vectors},
            "texts": request.texts,
            "meta": meta,
        }
    )


def _rerank(request: _RerankRequest, _step: Say | None) -> Out:
    scored = [(overlap(request.query, text), -index) for index, text in enumerate(request.documents)]
    best = sorted(scored, reverse=True)[: request.top_n]
    results = [{"index": -index, "relevance_score": score} for score, index in best]
    meta = {"api_version": {"version": "2"}, "billed_units": {"search_units": 1}}
    return Out({"id": "rerank-scripted", "results": results, "meta": meta})


if __name__ == "__main__":
    given = arguments(__doc__)
    CohereServer(key=given.key, port=given.port).serve()
