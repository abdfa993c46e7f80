"""A scripted server with OpenAI's API: chat completions, responses, models, embeddings."""

import base64
import struct
from collections.abc import Callable
from typing import Any, ClassVar, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tests.servers import openai_chat, openai_responses
from tests.servers.openai_chat import ChatRequest
from tests.servers.openai_responses import ResponsesRequest
from tests.servers.scripted_http import Out, Refused, Route, ScriptedServer, arguments
from tests.servers.scripts import Say
from tests.servers.vectors import vector

MODELS = ("scripted", "scripted-small", "scripted-embedder")

_Request = TypeVar("_Request", bound=BaseModel)


class _EmbeddingsRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    model: str
    input: list[str] | str
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int = Field(default=384, gt=0)


class OpenAIServer(ScriptedServer):
    """OpenAI's API on loopback; `base_url` is its root for a client.

    Args:
        models: the ids that it knows.
        reasoning: whether it refuses what OpenAI's reasoning models refuse.
        key: what has to come as bearer token; empty for a server that needs none.
        port: 0 takes a free one.
    """

    scripted: ClassVar[frozenset[str]] = frozenset(
        {"/v1/chat/completions", "/v1/responses", "/v1/embeddings"}
    )

    def __init__(
        self,
        *,
        models: tuple[str, ...] = MODELS,
        reasoning: bool = False,
        key: str = "",
        port: int = 0,
    ) -> None:
        super().__init__(key=key, port=port)
        self._models = models
        self._reasoning = reasoning

    @property
    def base_url(self) -> str:
        """What `CANDOR_OPENAI_BASE_URL` is set to."""
        return f"{self.url}/v1"

    def routes(self) -> dict[str, Route]:
        return {
            "/v1/chat/completions": self._checked(ChatRequest, openai_chat.reply),
            "/v1/responses": self._checked(ResponsesRequest, openai_responses.reply),
            "/v1/embeddings": self._checked(_EmbeddingsRequest, _embeddings),
            "/v1/models": self._listed,
            "/v1/moderations": _moderated,
        }

    def error(self, status: int, message: str) -> dict[str, Any]:
        return {"error": {"message": message, "type": "scripted", "param": None, "code": None}}

    def _listed(self, _body: dict[str, Any], _step: Say | None) -> Out:
        data = [{"id": name, "object": "model", "created": 0, "owned_by": "tests"} for name in self._models]
        return Out({"object": "list", "data": data})

    def _checked(self, shape: type[_Request], reply: Callable[[_Request, Say | None], Out]) -> Route:
        def route(body: dict[str, Any], step: Say | None) -> Out:
            if body.get("model") not in self._models:
                raise Refused(404, f"the model {body.get('model')!r} does not exist")
            if self._reasoning:
                for name in {"temperature", "logprobs", "max_tokens"} & set(body):
                    raise Refused(400, f"unsupported parameter: {name!r}")
            try:
                request = shape.model_validate(body)
            except ValidationError as error:
                problem = error.errors()[0]
                place = ".".join(str(part) for part in problem["loc"])
                raise Refused(400, f"{place}: {problem['msg']}") from None
            return reply(request, step)

        return route


def _moderated(body: dict[str, Any], _step: Say | None) -> Out:
    """Flags what says "flag me", with the categories that the endpoint would name."""
    flagged = "flag me" in body["input"]
    result = {
        "flagged": flagged,
        "categories": {"violence": flagged, "harassment": False},
        "category_scores": {"violence": 0.91 if flagged else 0.01, "harassment": 0.02},
        "category_applied_input_types": {"violence": ["text"], "harassment": ["text"]},
    }
    return Out({"id": "modr-1", "model": body["model"], "results": [result]})


def _embeddings(request: _EmbeddingsRequest, _step: Say | None) -> Out:
    texts = [request.input] if isinstance(request.input, str) else request.input
    data = []
    for index, text in enumerate(texts):
        values: Any = vector(text, request.dimensions)
        if request.encoding_format == "base64":
            values = base64.b64encode(struct.pack(f"<{len(values)}f", *values)).decode()
        data.append({"object": "embedding", "index": index, "embedding": values})
    words = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": words, "total_tokens": words}
    return Out({"object": "list", "data": data, "model": request.model, "usage": usage})


if __name__ == "__main__":
    given = arguments(__doc__)
    OpenAIServer(key=given.key, port=given.port).serve()
