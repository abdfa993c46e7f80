"""OpenAI's responses API: the one for its newer models. It has neither seed nor fingerprint."""

import weakref
from collections.abc import Callable
from typing import Any

from openai import Stream
from openai.types.responses import Response, ResponseStreamEvent

from core.completions import (
    Capabilities,
    Completion,
    CompletionRequest,
    Message,
    StopReason,
    ToolCall,
    ToolSpec,
)
from core.errors import ModelRejected
from core.messages import Usage
from workers.models import _calls, _prices, _schemas
from workers.models._attempts import Emit, TryAgain
from workers.models._server import Server
from workers.models.openai.client import capabilities, open_client, plain_errors

_CUT = {"max_output_tokens": StopReason.LENGTH, "content_filter": StopReason.CONTENT_FILTER}
_PASSING = frozenset({"server_error", "rate_limit_exceeded"})


class ResponsesModel:
    """A model behind `/responses`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client = open_client(server)
        weakref.finalize(self, self._client.close)
        self.name = server.name
        self.capabilities: Capabilities = capabilities(server, "responses")

    def complete(
        self, request: CompletionRequest, on_text: Callable[[str], None] | None = None
    ) -> Completion:
        """Ask the model; see `core.completions.Model`."""
        return _calls.complete(self._server, self._send, request, on_text)

    def _send(self, request: CompletionRequest, seconds: float, emit: Emit | None) -> Completion:
        fields = self._fields(request)
        responses = self._client.responses
        with plain_errors(self._server):
            if emit is None:
                response: Response = responses.create(**fields, timeout=seconds)
                return self._completion(response)
            stream: Stream[ResponseStreamEvent] = responses.create(**fields, stream=True, timeout=seconds)
            with stream:
                return self._completion(self._streamed(stream, emit))

    def _fields(self, request: CompletionRequest) -> dict[str, Any]:
        """The body of the request, apart from streaming."""
        messages = (*request.prompt.messages, *request.transcript)
        fields: dict[str, Any] = {
            "model": self._server.model_id,
            "input": [item for message in messages for item in _items(message)],
            "store": False,
        }
        if request.tools:
            fields["tools"] = [_tool(tool) for tool in request.tools]
        if request.response_model:
            schema, strict = _schemas.schema_of(request.response_model)
            name = request.response_model.__name__
            fields["text"] = {
                "format": {"type": "json_schema", "name": name, "schema": schema, "strict": strict}
            }
        if request.max_tokens is not None:
            fields["max_output_tokens"] = request.max_tokens
        if request.temperature is not None and self.capabilities.temperature:
            fields["temperature"] = request.temperature
        return fields

    def _streamed(self, stream: Stream[ResponseStreamEvent], emit: Emit) -> Response:
        for event in stream:
            if event.type in ("response.completed", "response.incomplete", "response.failed"):
                return event.response
            if event.type == "error":
                raise TryAgain(self._server.unavailable(f"broke off with an error ({event.message})"))
            emit(event.delta if event.type == "response.output_text.delta" else "")
        raise TryAgain(self._server.unavailable("broke off in the middle of its reply"))

    def _completion(self, response: Response) -> Completion:
        if response.error:
            cause = f"failed with {response.error.code} ({response.error.message})"
            failure = self._server.unavailable(cause)
            raise TryAgain(failure) if response.error.code in _PASSING else ModelRejected(str(failure))
        if response.status not in ("completed", "incomplete"):
            raise TryAgain(self._server.unavailable(f"left its reply {response.status}"))
        text, refusal = "", ""
        calls: list[ToolCall] = []
        for item in response.output:
            if item.type == "function_call":
                calls.append(ToolCall(item.call_id, item.name, item.arguments))
            elif item.type == "message":
                for part in item.content:
                    if part.type == "output_text":
                        text += part.text
                    else:
                        refusal += part.refusal
        stop = StopReason.TOOL_CALLS if calls else StopReason.END
        if response.incomplete_details:
            stop = _CUT.get(response.incomplete_details.reason or "", StopReason.LENGTH)
        if refusal:
            stop = StopReason.REFUSAL
        counted = response.usage
        usage = (
            Usage(input_tokens=counted.input_tokens, output_tokens=counted.output_tokens)
            if counted
            else Usage()
        )
        model_ids = (self._server.model_id, response.model)
        return Completion(
            text=refusal or text,
            stop=stop,
            tool_calls=tuple(calls) if stop is StopReason.TOOL_CALLS else (),
            usage=usage,
            cost_usd=_prices.cost(self._server.price_list, model_ids, usage),
            model=response.model,
        )


def _items(message: Message) -> list[dict[str, Any]]:
    """The input items of a message: itself, its calls, or the result of one."""
    if message.role == "tool":
        return [
            {
                "type": "function_call_output",
                "call_id": message.tool_call_id,
                "output": message.content,
            }
        ]
    said = [{"role": message.role, "content": message.content}] if message.content else []
    calls = [
        {"type": "function_call", "call_id": call.id, "name": call.name, "arguments": call.arguments}
        for call in message.tool_calls
    ]
    return [*said, *calls]


def _tool(tool: ToolSpec) -> dict[str, Any]:
    closed = _schemas.strict(tool.parameters)
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters) if closed is None else closed,
        "strict": closed is not None,
    }
