"""`/v1/chat/completions` as OpenAI documents it: what it refuses, and how it frames a reply."""

import json
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.servers.answering import answer, unanswered
from tests.servers.schemas import sample, strict_problem
from tests.servers.scripted_http import Event, Out, Refused
from tests.servers.scripts import Say

FINGERPRINT = "fp_scripted"
LOGPROB = -0.125
_CREATED = 1_767_225_600


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Function(_Strict):
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str = ""
    parameters: dict[str, Any] = {}
    strict: bool = False


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
    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | None = None
    tool_calls: list[_ToolCall] = []
    tool_call_id: str = ""


class _JsonSchema(_Strict):
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    schema_: dict[str, Any] = Field(alias="schema")
    strict: bool = False


class _ResponseFormat(_Strict):
    type: Literal["text", "json_object", "json_schema"]
    json_schema: _JsonSchema | None = None


class _StreamOptions(_Strict):
    include_usage: bool = False


class ChatRequest(_Strict):
    """The body of a request; a field that is not here is refused."""

    model: str
    messages: list[_Message] = Field(min_length=1)
    stream: bool = False
    stream_options: _StreamOptions | None = None
    tools: list[_Tool] = []
    tool_choice: Any = None
    parallel_tool_calls: bool = True
    response_format: _ResponseFormat = _ResponseFormat(type="text")
    max_tokens: int | None = Field(default=None, gt=0)
    max_completion_tokens: int | None = Field(default=None, gt=0)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = None
    seed: int | None = None
    logprobs: bool = False
    reasoning_effort: str | None = None


def check(request: ChatRequest) -> None:
    """Refuse what the fields' types alone do not rule out."""
    if request.stream_options and not request.stream:
        raise Refused(400, "stream_options is only allowed when stream is enabled")
    if any(message.content is None and not message.tool_calls for message in request.messages):
        raise Refused(400, "content may be null only beside tool_calls")
    if problem := unanswered(
        (message.role == "tool", [call.id for call in message.tool_calls], message.tool_call_id)
        for message in request.messages
    ):
        raise Refused(400, problem)
    for tool in request.tools:
        if tool.function.strict and (problem := strict_problem(tool.function.parameters)):
            raise Refused(400, f"invalid schema for function {tool.function.name!r}: {problem}")
    wanted = request.response_format.json_schema
    if (request.response_format.type == "json_schema") != (wanted is not None):
        raise Refused(400, "response_format: json_schema is missing")
    if wanted and wanted.strict and (problem := strict_problem(wanted.schema_)):
        raise Refused(400, f"invalid schema for response_format: {problem}")


def reply(request: ChatRequest, step: Say | None) -> Out:
    """The reply that the script wants, or the default one."""
    check(request)
    said = step or Say(_default(request))
    finish = said.stop or ("tool_calls" if said.calls else "stop")
    words = sum(len((message.content or "").split()) for message in request.messages)
    usage = {
        "prompt_tokens": words,
        "completion_tokens": len(said.pieces),
        "total_tokens": words + len(said.pieces),
    }
    if request.stream:
        return Out(events=tuple(_events(request, said, finish, usage)))
    message: dict[str, Any] = {
        "role": "assistant",
        "content": None if said.refusal or said.calls else said.text,
        "refusal": said.refusal or None,
    }
    if said.calls:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.written}}
            for call in said.calls
        ]
    logprobs = {"content": [_logprob(piece) for piece in said.pieces]} if request.logprobs else None
    choice = {"index": 0, "message": message, "logprobs": logprobs, "finish_reason": finish}
    return Out(_head(request, "chat.completion") | {"choices": [choice], "usage": usage})


def _default(request: ChatRequest) -> str:
    def last(role: str) -> str:
        return next((m.content or "" for m in reversed(request.messages) if m.role == role), "")

    text = answer(last("system"), last("user"))
    wanted = request.response_format.json_schema
    return json.dumps(sample(wanted.schema_, text)) if wanted else text


def _head(request: ChatRequest, kind: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-scripted",
        "object": kind,
        "created": _CREATED,
        "model": f"{request.model}-2026-01-01",
        "system_fingerprint": FINGERPRINT,
    }


def _logprob(piece: str) -> dict[str, Any]:
    return {"token": piece, "logprob": LOGPROB, "bytes": list(piece.encode()), "top_logprobs": []}


def _events(request: ChatRequest, said: Say, finish: str, usage: dict[str, int]) -> Iterator[Event]:
    with_usage = bool(request.stream_options and request.stream_options.include_usage)
    head = _head(request, "chat.completion.chunk")
    no_usage = {"usage": None} if with_usage else {}

    def chunk(delta: dict[str, Any], *, piece: str = "", finish: str | None = None) -> Event:
        logprobs = {"content": [_logprob(piece)]} if piece and request.logprobs else None
        choice = {"index": 0, "delta": delta, "logprobs": logprobs, "finish_reason": finish}
        return _sse(head | {"choices": [choice]} | no_usage, text=bool(piece))

    yield chunk({"role": "assistant", "content": "", "refusal": None})
    if said.refusal:
        for piece in said.pieces:
            yield chunk({"refusal": piece})
    elif said.text:
        for piece in said.pieces:
            yield chunk({"content": piece}, piece=piece)
    for index, call in enumerate(said.calls):
        opened = {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": ""}}
        yield chunk({"tool_calls": [{"index": index, **opened}]})
        half = len(call.written) // 2
        for part in (call.written[:half], call.written[half:]):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": part}}]})
    yield chunk({}, finish=finish)
    if with_usage:
        yield _sse(head | {"choices": [], "usage": usage})
    yield Event(b"data: [DONE]\n\n")


def _sse(data: dict[str, Any], *, text: bool = False) -> Event:
    return Event(f"data: {json.dumps(data)}\n\n".encode(), text)
