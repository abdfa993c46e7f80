"""OpenAI's chat completions: what most servers speak."""

import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from openai import Stream
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.completion_usage import CompletionUsage

from core.completions import (
    Capabilities,
    Completion,
    CompletionRequest,
    Message,
    StopReason,
    ToolCall,
    ToolSpec,
)
from core.messages import Usage
from workers.models import _calls, _prices, _schemas
from workers.models._attempts import Emit, TryAgain
from workers.models._server import Server
from workers.models.openai.client import capabilities, open_client, plain_errors

_STOPS = {"length": StopReason.LENGTH, "content_filter": StopReason.CONTENT_FILTER}


@dataclass(slots=True)
class _Reply:
    """A reply as it comes in, in one piece or in many."""

    text: str = ""
    refusal: str = ""
    finish: str = ""
    model: str = ""
    fingerprint: str = ""
    calls: dict[int, dict[str, str]] = field(default_factory=dict)
    logprobs: list[float] = field(default_factory=list)
    usage: Usage = Usage()

    def call(self, index: int, *, id_: str | None, name: str | None, arguments: str | None) -> None:
        call = self.calls.setdefault(index, {"id": "", "name": "", "arguments": ""})
        call["id"] = call["id"] or id_ or ""
        call["name"] = call["name"] or name or ""
        call["arguments"] += arguments or ""

    def count(self, usage: CompletionUsage | None) -> None:
        if usage:
            self.usage = Usage(input_tokens=usage.prompt_tokens, output_tokens=usage.completion_tokens)


class ChatModel:
    """A model behind `/chat/completions`."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client = open_client(server)
        weakref.finalize(self, self._client.close)
        self.name = server.name
        self.capabilities: Capabilities = capabilities(server, "chat")

    def complete(
        self, request: CompletionRequest, on_text: Callable[[str], None] | None = None
    ) -> Completion:
        """Ask the model; see `core.completions.Model`."""
        return _calls.complete(self._server, self._send, request, on_text)

    def _send(self, request: CompletionRequest, seconds: float, emit: Emit | None) -> Completion:
        fields = self._fields(request)
        completions = self._client.chat.completions
        with plain_errors(self._server):
            if emit is None:
                whole: ChatCompletion = completions.create(**fields, timeout=seconds)
                return self._completion(_whole(whole))
            stream: Stream[ChatCompletionChunk] = completions.create(
                **fields, stream=True, stream_options={"include_usage": True}, timeout=seconds
            )
            with stream:
                return self._completion(_streamed(stream, emit))

    def _fields(self, request: CompletionRequest) -> dict[str, Any]:
        """The body of the request, apart from streaming."""
        can = self.capabilities
        fields: dict[str, Any] = {
            "model": self._server.model_id,
            "messages": [_message(m) for m in (*request.prompt.messages, *request.transcript)],
        }
        if request.tools:
            fields["tools"] = [_tool(tool) for tool in request.tools]
        if request.response_model:
            schema, strict = _schemas.schema_of(request.response_model)
            name = request.response_model.__name__
            fields["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": name, "schema": schema, "strict": strict},
            }
        if request.max_tokens is not None:
            # OpenAI's own server refuses the older name for some models; other servers may know no other.
            fields["max_tokens" if self._server.endpoint.own else "max_completion_tokens"] = (
                request.max_tokens
            )
        if request.temperature is not None and can.temperature:
            fields["temperature"] = request.temperature
        if request.seed is not None and can.seed:
            fields["seed"] = request.seed
        if can.logprobs:
            fields["logprobs"] = True
        return fields

    def _completion(self, reply: _Reply) -> Completion:
        calls = tuple(
            ToolCall(call["id"] or f"call_{index}", call["name"], call["arguments"])
            for index, call in sorted(reply.calls.items())
        )
        if not reply.finish:
            raise TryAgain(self._server.unavailable("broke off in the middle of its reply"))
        if reply.refusal:
            stop = StopReason.REFUSAL
        else:
            # Servers differ in how a reply with calls ends, so the calls decide.
            stop = _STOPS.get(reply.finish, StopReason.TOOL_CALLS if calls else StopReason.END)
        return Completion(
            text=reply.refusal or reply.text,
            stop=stop,
            tool_calls=calls if stop is StopReason.TOOL_CALLS else (),
            usage=reply.usage,
            cost_usd=_prices.cost(self._server.price_list, (self._server.model_id, reply.model), reply.usage),
            model=reply.model,
            system_fingerprint=reply.fingerprint,
            logprobs=tuple(reply.logprobs),
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
    return {"role": message.role, "content": message.content or None, "tool_calls": calls}


def _tool(tool: ToolSpec) -> dict[str, Any]:
    closed = _schemas.strict(tool.parameters)
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": dict(tool.parameters) if closed is None else closed,
        "strict": closed is not None,
    }
    return {"type": "function", "function": function}


def _whole(completion: ChatCompletion) -> _Reply:
    choice = completion.choices[0]
    reply = _Reply(
        text=choice.message.content or "",
        refusal=choice.message.refusal or "",
        finish=choice.finish_reason,
        model=completion.model,
        fingerprint=completion.system_fingerprint or "",
    )
    for index, call in enumerate(choice.message.tool_calls or ()):
        if call.type == "function":
            reply.call(index, id_=call.id, name=call.function.name, arguments=call.function.arguments)
    if choice.logprobs:
        reply.logprobs += [token.logprob for token in choice.logprobs.content or ()]
    reply.count(completion.usage)
    return reply


def _streamed(stream: Stream[ChatCompletionChunk], emit: Emit) -> _Reply:
    reply = _Reply()
    for chunk in stream:
        reply.model = reply.model or chunk.model
        reply.fingerprint = reply.fingerprint or chunk.system_fingerprint or ""
        reply.count(chunk.usage)
        text = ""
        for choice in chunk.choices:
            delta = choice.delta
            text = delta.content or ""
            reply.text += text
            reply.refusal += delta.refusal or ""
            reply.finish = choice.finish_reason or reply.finish
            for call in delta.tool_calls or ():
                called = call.function
                reply.call(
                    call.index,
                    id_=call.id,
                    name=called.name if called else None,
                    arguments=called.arguments if called else None,
                )
            if choice.logprobs:
                reply.logprobs += [token.logprob for token in choice.logprobs.content or ()]
        emit(text)
    return reply
