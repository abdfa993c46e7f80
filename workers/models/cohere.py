"""Cohere's chat, version 2 of its API."""

import json
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from cohere import ClientV2, V2ChatResponse, V2ChatStreamResponse
from cohere.core.api_error import ApiError
from cohere.core.parse_error import ParsingError
from cohere.types import Usage as CountedUsage

from core.completions import (
    Capabilities,
    Completion,
    CompletionRequest,
    Message,
    Model,
    StopReason,
    ToolCall,
)
from core.errors import CandorError
from core.messages import Usage
from core.vendors import CohereSettings
from retrieval.embedders import Embedder
from workers.models import _calls, _prices
from workers.models._attempts import Abandoned, Emit, TryAgain
from workers.models._server import Server

_STOPS = {
    "COMPLETE": StopReason.END,
    "STOP_SEQUENCE": StopReason.END,
    "MAX_TOKENS": StopReason.LENGTH,
    "TOOL_CALL": StopReason.TOOL_CALLS,
}


def create(model_id: str, embedder: Embedder | None) -> Model:  # noqa: ARG001 (the family's shape)
    """The model of this id.

    Raises:
        Misconfigured: there is no key for Cohere's own server.
    """
    return CohereModel(Server(CohereSettings().endpoint(), model_id))


class _CheckedEvents(httpx.SyncByteStream):
    """A stream of events that fails at one that is no JSON: the SDK would leave it out of the reply."""

    def __init__(self, stream: httpx.SyncByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        rest = b""
        for piece in self._stream:
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                name, _, value = line.partition(b":")
                if name == b"data" and value.strip() not in (b"", b"[DONE]"):
                    json.loads(value)
            yield piece

    def close(self) -> None:
        self._stream.close()


def _check_events(response: httpx.Response) -> None:
    streamed = response.headers.get("content-type", "").startswith("text/event-stream")
    if streamed and isinstance(response.stream, httpx.SyncByteStream):
        response.stream = _CheckedEvents(response.stream)


@dataclass(slots=True)
class _Reply:
    """A reply as it comes in, in one piece or in many."""

    text: str = ""
    finish: str = ""
    error: str = ""
    calls: dict[int, dict[str, str]] = field(default_factory=dict)
    usage: Usage = Usage()

    def count(self, usage: CountedUsage | None) -> None:
        if usage and usage.tokens:
            self.usage = Usage(
                input_tokens=int(usage.tokens.input_tokens or 0),
                output_tokens=int(usage.tokens.output_tokens or 0),
            )


class CohereModel:
    """A model behind `/v2/chat`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        http = httpx.Client(
            follow_redirects=True,
            # Compressed, a stream could not be checked.
            headers={"accept-encoding": "identity"},
            event_hooks={"response": [_check_events]},
        )
        weakref.finalize(self, http.close)
        self._client = ClientV2(
            # The SDK would read both of these from environment variables that are not ours.
            base_url=server.endpoint.url,
            api_key=server.endpoint.token,
            httpx_client=http,
            log_warning_experimental_features=False,
        )
        self.name = server.name
        self.capabilities = Capabilities(
            api="cohere", tools=True, seed=True, temperature=True, json_schema=True
        )

    def complete(
        self, request: CompletionRequest, on_text: Callable[[str], None] | None = None
    ) -> Completion:
        """Ask the model; see `core.completions.Model`."""
        return _calls.complete(self._server, self._send, request, on_text)

    def _send(self, request: CompletionRequest, seconds: float, emit: Emit | None) -> Completion:
        fields = self._fields(request) | {"request_options": {"timeout": seconds, "max_retries": 0}}
        with _plain_errors(self._server):
            if emit is None:
                return self._completion(_whole(self._client.chat(**fields)))
            return self._completion(_streamed(self._client.chat_stream(**fields), emit))

    def _fields(self, request: CompletionRequest) -> dict[str, Any]:
        """The arguments of the SDK's call, apart from its options."""
        fields: dict[str, Any] = {
            "model": self._server.model_id,
            "messages": [_message(m) for m in (*request.prompt.messages, *request.transcript)],
        }
        if request.tools:
            fields["tools"] = [
                {
                    "type": "function",
                    "function": {
                        "name": tool.name,
                        "description": tool.description,
                        "parameters": dict(tool.parameters),
                    },
                }
                for tool in request.tools
            ]
        elif request.response_model:
            # Cohere refuses a format beside tools; without one, a reply that does not parse is sent back.
            schema = request.response_model.model_json_schema()
            fields["response_format"] = {"type": "json_object", "json_schema": schema}
        for name in ("max_tokens", "temperature", "seed"):
            value = getattr(request, name)
            if value is not None:
                fields[name] = value
        return fields

    def _completion(self, reply: _Reply) -> Completion:
        if not reply.finish:
            raise TryAgain(self._server.unavailable("broke off in the middle of its reply"))
        if reply.finish not in _STOPS:
            raise TryAgain(self._server.unavailable(f"gave up with {reply.finish} ({reply.error})"))
        calls = tuple(
            ToolCall(call["id"], call["name"], call["arguments"]) for _, call in sorted(reply.calls.items())
        )
        stop = _STOPS[reply.finish]
        return Completion(
            text=reply.text,
            stop=stop,
            tool_calls=calls if stop is StopReason.TOOL_CALLS else (),
            usage=reply.usage,
            cost_usd=_prices.cost(self._server.price_list, (self._server.model_id,), reply.usage),
            model=self._server.model_id,  # Cohere does not say which one answered
        )


def _message(message: Message) -> dict[str, Any]:
    if message.role == "tool":
        return {"role": "tool", "tool_call_id": message.tool_call_id, "content": message.content}
    if not message.tool_calls:
        return {"role": message.role, "content": message.content}
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in message.tool_calls
    ]
    said = {"content": message.content} if message.content else {}
    return {"role": message.role, **said, "tool_calls": calls}


def _whole(response: V2ChatResponse) -> _Reply:
    message = response.message
    reply = _Reply(finish=response.finish_reason)
    reply.text = "".join(part.text for part in message.content or () if part.type == "text")
    for index, call in enumerate(message.tool_calls or ()):
        function = call.function
        reply.calls[index] = {
            "id": call.id,
            "name": (function and function.name) or "",
            "arguments": (function and function.arguments) or "",
        }
    reply.count(response.usage)
    return reply


def _streamed(events: Iterator[V2ChatStreamResponse], emit: Emit) -> _Reply:
    reply = _Reply()
    for event in events:
        text = ""
        delta: Any = getattr(event, "delta", None)
        if event.type == "content-delta":
            text = delta.message.content.text or ""
            reply.text += text
        elif event.type == "tool-call-start":
            call = delta.message.tool_calls
            reply.calls[event.index or 0] = {
                "id": call.id,
                "name": call.function.name,
                "arguments": call.function.arguments or "",
            }
        elif event.type == "tool-call-delta":
            reply.calls[event.index or 0]["arguments"] += delta.message.tool_calls.function.arguments or ""
        elif event.type == "message-end":
            reply.finish = delta.finish_reason or ""
            reply.error = delta.error or ""
            reply.count(delta.usage)
        emit(text)
    return reply


@contextmanager
def _plain_errors(server: Server) -> Iterator[None]:
    """Around a call: whatever goes wrong comes out as one of our own errors.

    Raises:
        TryAgain: another attempt makes sense.
        CandorError: it does not.
    """
    try:
        yield
    except (Abandoned, TryAgain, CandorError):
        raise
    except httpx.TimeoutException:
        raise TryAgain(server.silent()) from None
    except httpx.HTTPError as error:
        raise TryAgain(server.unavailable(f"does not answer ({error})")) from None
    except ApiError as error:
        cause = error.body.get("message", "") if isinstance(error.body, dict) else error.body
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        status = error.status_code or 500
        if status < 400:  # noqa: PLR2004 (HTTP's own border: a success that is no JSON)
            raise server.nonsense(ValueError("no JSON")) from None
        raise server.failed(status, str(cause), headers) from None
    except (ParsingError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise server.nonsense(error) from None
