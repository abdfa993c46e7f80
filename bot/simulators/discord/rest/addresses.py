"""Discord's addresses on loopback: the REST API and attachments."""

import json
from collections.abc import Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.simulators.discord.rest.api import Answer, Api
from bot.simulators.discord.rest.call import Upload
from bot.simulators.discord.state.world import World

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def addresses(world: World, api: Api) -> Starlette:
    """All of Discord's addresses."""

    async def call(request: Request) -> Response:
        raw = await request.body()
        body, files = _body(raw, request.headers.get("content-type", ""))
        query: Mapping[str, str] = dict(request.query_params)
        # As it came: an emoji in it is still encoded, and so is what could be taken for a slash.
        path = request.scope["raw_path"].decode().split("?")[0].removeprefix("/api").lstrip("/")
        version, _, rest = path.partition("/")
        if version not in ("v9", "v10"):
            return JSONResponse({"message": "Invalid API version", "code": 50041}, status_code=400)
        authorization = request.headers.get("authorization", "")
        answer = await run_in_threadpool(
            api.answer,
            request.method,
            f"/{rest}",
            body,
            files=files,
            query=query,
            authorization=authorization,
            size=len(raw),
        )
        return _response(answer)

    def attachment(request: Request) -> Response:
        file = world.files.get(request.path_params["file"])
        until = request.query_params.get("ex", "0")
        good = file and request.query_params.get("hm") == file.seal(until)
        if not file or not good or int(until, 16) < world.clock.now():
            return PlainTextResponse("This content is no longer available.", status_code=404)
        return Response(file.content, media_type=file.to_json(world.clock.now())["content_type"])

    return Starlette(
        routes=[
            Route("/api/{path:path}", call, methods=METHODS),
            Route("/attachments/{channel}/{file}/{name}", attachment, methods=["GET"]),
        ]
    )


def _body(raw: bytes, content_type: str) -> tuple[Any, tuple[Upload, ...]]:
    if not content_type.startswith("multipart/form-data"):
        return _json(raw), ()
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + raw)
    body: Any = {}
    files = []
    for part in form.walk():
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if name := part.get_filename():
            files.append(Upload(name, content))
        elif part.get_param("name", header="content-disposition") == "payload_json":
            body = _json(content)
    return body, tuple(files)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return raw.decode(errors="replace")


def _response(answer: Answer) -> Response:
    if answer.text:
        return PlainTextResponse(answer.text, status_code=answer.status, headers=answer.headers)
    if answer.body is None:
        return Response(status_code=answer.status, headers=answer.headers)
    return JSONResponse(answer.body, status_code=answer.status, headers=answer.headers)
