"""`/v1/responses` as OpenAI documents it: what it refuses, and how it frames a reply."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tests.servers.answering import answer
from tests.servers.schemas import sample, strict_problem
from tests.servers.scripted_http import Event, Out, Refused
from tests.servers.scripts import Say

_CREATED = 1_767_225_600
_REASONS = {"length": "max_output_tokens", "content_filter": "content_filter"}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Said(_Strict):
    type: Literal["message"] = "message"
    role: Literal["system", "developer", "user", "assistant"]
    content: str


class _FunctionCall(_Strict):
    type: Literal["function_call"]
    call_id: str = Field(min_length=1)
    name: str
    arguments: str


class _FunctionCallOutput(_Strict):
    type: Literal["function_call_output"]
    call_id: str
    output: str


class _Tool(_Strict):
    type: Literal["function"]
    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str = ""
    parameters: dict[str, Any]
    strict: bool


class _Format(_Strict):
    type: Literal["text", "json_object", "json_schema"]
    name: str = Field(default="", pattern=r"^[a-zA-Z0-9_-]{0,64}$")
    schema_: dict[str, Any] | None = Field(default=None, alias="schema")
    strict: bool = False


class _Text(_Strict):
    format: _Format = _Format(type="text")


class ResponsesRequest(_Strict):
    """The body of a request; a field that is not here, such as `seed`, is refused."""

    model: str
    input: list[Annotated[_FunctionCall | _FunctionCallOutput | _Said, Field(union_mode="left_to_right")]]
    stream: bool = False
    store: bool = True
    tools: list[_Tool] = []
    tool_choice: Any = None
    parallel_tool_calls: bool = True
    text: _Text = _Text()
    max_output_tokens: int | None = Field(default=None, ge=16)
    temperature: float | None = Field(default=None, ge=0, le=2)
    top_p: float | None = None
    reasoning: dict[str, Any] | None = None
    include: list[str] = []


def check(request: ResponsesRequest) -> None:
    """Refuse what the fields' types alone do not rule out."""
    calls = [item.call_id for item in request.input if isinstance(item, _FunctionCall)]
    results = [item.call_id for item in request.input if isinstance(item, _FunctionCallOutput)]
    if odd := set(calls) ^ set(results):
        raise Refused(400, f"no tool call, or no tool output, found for {min(odd)!r}")
    for tool in request.tools:
        if tool.strict and (problem := strict_problem(tool.parameters)):
            raise Refused(400, f"invalid schema for function {tool.name!r}: {problem}")
    wanted = request.text.format
    if wanted.type == "json_schema":
        if not wanted.name or wanted.schema_ is None:
            raise Refused(400, "text.format: name or schema is missing")
        if wanted.strict and (problem := strict_problem(wanted.schema_)):
            raise Refused(400, f"invalid schema for text.format: {problem}")


def reply(request: ResponsesRequest, step: Say | None) -> Out:
    """The reply that the script wants, or the default one."""
    check(request)
    said = step or Say(_default(request))
    response = _response(request, said)
    return Out(events=tuple(_events(response, said))) if request.stream else Out(response)


def _default(request: ResponsesRequest) -> str:
    def last(role: str) -> str:
        found = (i.content for i in reversed(request.input) if isinstance(i, _Said) and i.role == role)
        return next(found, "")

    text = answer(last("system"), last("user"))
    schema = request.text.format.schema_
    return json.dumps(sample(schema, text)) if schema else text


def _response(request: ResponsesRequest, said: Say) -> dict[str, Any]:
    part: dict[str, Any]
    if said.refusal:
        part = {"type": "refusal", "refusal": said.refusal}
    else:
        part = {"type": "output_text", "text": said.text, "annotations": [], "logprobs": []}
    output: list[dict[str, Any]] = []
    if said.text or said.refusal:
        output.append(
            {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
        )
    output += [
        {
            "id": f"fc_{call.id}",
            "type": "function_call",
            "call_id": call.id,
            "name": call.name,
            "arguments": call.written,
            "status": "completed",
        }
        for call in said.calls
    ]
    words = sum(len(item.content.split()) for item in request.input if isinstance(item, _Said))
    return {
        "id": "resp_scripted",
        "object": "response",
        "created_at": _CREATED,
        "status": "incomplete" if said.stop else "completed",
        "error": None,
        "incomplete_details": {"reason": _REASONS[said.stop]} if said.stop else None,
        "instructions": None,
        "model": f"{request.model}-2026-01-01",
        "output": output,
        "parallel_tool_calls": request.parallel_tool_calls,
        "store": request.store,
        "temperature": request.temperature,
        "tool_choice": "auto",
        "tools": [tool.model_dump() for tool in request.tools],
        "usage": {
            "input_tokens": words,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": len(said.pieces),
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": words + len(said.pieces),
        },
    }


def _events(response: dict[str, Any], said: Say) -> Iterator[Event]:
    number = 0

    def event(kind: str, *, shown: bool = False, **fields: Any) -> Event:
        nonlocal number
        data = {"type": kind, "sequence_number": number, **fields}
        number += 1
        return Event(f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode(), shown)

    begun = response | {"status": "in_progress", "output": [], "usage": None, "incomplete_details": None}
    yield event("response.created", response=begun)
    yield event("response.in_progress", response=begun)
    for index, item in enumerate(response["output"]):
        place: dict[str, Any] = {"output_index": index, "item_id": item["id"]}
        empty: dict[str, Any] = {"content": []} if item["type"] == "message" else {"arguments": ""}
        opened = item | {"status": "in_progress"} | empty
        yield event("response.output_item.added", output_index=index, item=opened)
        if item["type"] == "message":
            part = item["content"][0]
            kind, name = ("refusal", "refusal") if said.refusal else ("output_text", "text")
            place["content_index"] = 0
            yield event("response.content_part.added", **place, part=part | {name: ""})
            for piece in said.pieces:
                more: dict[str, Any] = {} if said.refusal else {"logprobs": []}
                yield event(f"response.{kind}.delta", shown=not said.refusal, **place, delta=piece, **more)
            yield event(f"response.{kind}.done", **place, **{name: part[name]})
            yield event("response.content_part.done", **place, part=part)
        else:
            yield event("response.function_call_arguments.delta", **place, delta=item["arguments"])
            yield event("response.function_call_arguments.done", **place, arguments=item["arguments"])
        yield event("response.output_item.done", output_index=index, item=item)
    yield event(f"response.{response['status']}", response=response)
