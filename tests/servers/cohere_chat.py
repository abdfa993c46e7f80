"""`/v2/chat` as Cohere documents it: what it refuses, and how it frames a reply."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.servers.answering import answer, unanswered
from tests.servers.schemas import sample
from tests.servers.scripted_http import Event, Out, Refused
from tests.servers.scripts import Call, Say

_FINISHES = {"length": "MAX_TOKENS", "content_filter": "ERROR"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Function(_Strict):
    name: str
    description: str = ""
    parameters: dict[str, Any]


class _Tool(_Strict):
    type: Literal["function"]
    function: _Function


class _CalledFunction(_Strict):
    name: str
    arguments: str


class _ToolCall(_Strict):
    id: str
    type: Literal["function"]
    function: _CalledFunction


class _Message(_Strict):
    role: Literal["system", "user", "assistant", "tool"]
    content: str | None = None
    tool_calls: list[_ToolCall] = []
    tool_call_id: str = ""


class _ResponseFormat(_Strict):
    type: Literal["text", "json_object"]
    json_schema: dict[str, Any] | None = None


class ChatRequest(_Strict):
    """The body of a request; a field that is not here is refused."""

    model: str
    messages: list[_Message] = Field(min_length=1)
    stream: bool
    tools: list[_Tool] = []
    response_format: _ResponseFormat = _ResponseFormat(type="text")
    max_tokens: int | None = Field(default=None, gt=0)
    temperature: float | None = Field(default=None, ge=0)
    seed: int | None = Field(default=None, ge=0)


def check(request: ChatRequest) -> None:
    """Refuse what the fields' types alone do not rule out."""
    if request.tools and request.response_format.type != "text":
        raise Refused(400, "response_format is not supported with tools")
    if any(not message.content and not message.tool_calls for message in request.messages):
        raise Refused(400, "a message must have content or tool calls")
    if problem := unanswered(
        (message.role == "tool", [call.id for call in message.tool_calls], message.tool_call_id)
        for message in request.messages
    ):
        raise Refused(400, problem)
    for tool in request.tools:
        if tool.function.parameters.get("type") != "object":
            raise Refused(400, f"tool {tool.function.name!r}: parameters should be an object")


def reply(request: ChatRequest, step: Say | None) -> Out:
    """The reply that the script wants, or the default one."""
    check(request)
    said = step or Say(_default(request))
    finish = _FINISHES.get(said.stop, "TOOL_CALL" if said.calls else "COMPLETE")
    words = sum(len((message.content or "").split()) for message in request.messages)
    counts = {"input_tokens": words, "output_tokens": len(said.pieces)}
    usage = {"billed_units": counts, "tokens": counts}
    if request.stream:
        return Out(events=tuple(_events(said, finish, usage)))
    message: dict[str, Any] = {"role": "assistant"}
    if said.calls:
        message |= {"tool_plan": "I will call a tool.", "tool_calls": [_call(call) for call in said.calls]}
    else:
        message |= {"content": [{"type": "text", "text": said.text}]}
    return Out({"id": "chat-scripted", "finish_reason": finish, "message": message, "usage": usage})


def _default(request: ChatRequest) -> str:
    def last(role: str) -> str:
        return next((m.content or "" for m in reversed(request.messages) if m.role == role), "")

    text = answer(last("system"), last("user"))
    schema = request.response_format.json_schema
    return json.dumps(sample(schema, text)) if schema else text


def _call(call: Call) -> dict[str, Any]:
    return {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.written}}


def _events(said: Say, finish: str, usage: dict[str, Any]) -> Iterator[Event]:
    def event(kind: str, *, text: bool = False, **fields: Any) -> Event:
        return Event(f"event: {kind}\ndata: {json.dumps({'type': kind, **fields})}\n\n".encode(), text)

    def message(**fields: Any) -> dict[str, Any]:
        return {"message": fields}

    opened = message(role="assistant", content=[], tool_plan="", tool_calls=[], citations=[])
    yield event("message-start", id="chat-scripted", delta=opened)
    if said.text:
        empty = message(content={"type": "text", "text": ""})
        yield event("content-start", index=0, delta=empty)
        for piece in said.pieces:
            yield event("content-delta", text=True, index=0, delta=message(content={"text": piece}))
        yield event("content-end", index=0)
    elif said.calls:
        yield event("tool-plan-delta", delta=message(tool_plan="I will call a tool."))
    for index, call in enumerate(said.calls):
        called = _call(call)
        called["function"]["arguments"] = ""
        yield event("tool-call-start", index=index, delta=message(tool_calls=called))
        half = len(call.written) // 2
        for part in (call.written[:half], call.written[half:]):
            more = message(tool_calls={"function": {"arguments": part}})
            yield event("tool-call-delta", index=index, delta=more)
        yield event("tool-call-end", index=index)
    yield event("message-end", id="chat-scripted", delta={"finish_reason": finish, "usage": usage})
    yield Event(b"data: [DONE]\n\n")
