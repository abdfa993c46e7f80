"""Slack's addresses on loopback: the Web API, response URLs, files and the install page."""

import json
from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.simulators.slack.errors import SlackError
from bot.simulators.slack.state.directory import new_id
from bot.simulators.slack.state.files import File
from bot.simulators.slack.web.api import WebApi
from bot.simulators.slack.web.call import Platform
from bot.simulators.slack.web.responses import respond

Handler = Callable[[Request, bytes], Response]


def addresses(platform: Platform, api: WebApi) -> Starlette:
    """All that Slack answers at its addresses."""
    return Starlette(routes=_Addresses(platform, api).routes())


class _Addresses:
    """What is answered at each address."""

    def __init__(self, platform: Platform, api: WebApi) -> None:
        self._platform = platform
        self._api = api

    def routes(self) -> list[Route]:
        return [
            Route("/api/{method}", _endpoint(self._call), methods=["GET", "POST"]),
            Route("/responses/{name:path}", _endpoint(self._response), methods=["POST"]),
            Route("/files-pri/{file}/{name}", _endpoint(self._file), methods=["GET"]),
            Route("/login", _endpoint(self._login), methods=["GET"]),
            Route("/oauth/v2/authorize", _endpoint(self._authorize), methods=["GET"]),
        ]

    def _call(self, request: Request, raw: bytes) -> Response:
        headers = dict(request.headers)
        reply = self._api.answer(request.path_params["method"], raw, headers, request.url.query)
        return JSONResponse(reply.body, status_code=reply.status, headers=reply.headers)

    def _response(self, request: Request, raw: bytes) -> Response:
        try:
            body = json.loads(raw)
            respond(self._platform, request.path_params["name"], body if isinstance(body, dict) else {})
        except ValueError:
            return PlainTextResponse("invalid_payload", status_code=400)
        except SlackError as error:
            spent = error.code in ("expired_url", "used_url", "invalid_url")
            return JSONResponse({"ok": False, "error": error.code}, status_code=404 if spent else 400)
        return PlainTextResponse("ok")

    def _file(self, request: Request, _raw: bytes) -> Response:
        team, _, file_id = request.path_params["file"].partition("-")
        found: File | None
        try:
            given = request.headers.get("authorization", "").removeprefix("Bearer ")
            token = self._platform.tokens.check(given)
            token.need("files:read")
        except SlackError:
            found = None
        else:
            found = self._platform.workspaces[team].files.get(file_id) if token.team == team else None
        # Without a token that may read it, Slack sends a browser to its login page: HTML, and no error.
        return Response(found.content) if found else RedirectResponse("/login", status_code=302)

    def _login(self, _request: Request, _raw: bytes) -> Response:
        return HTMLResponse("<!DOCTYPE html><html><title>Sign in to Slack</title></html>")

    def _authorize(self, request: Request, _raw: bytes) -> Response:
        query = request.query_params
        workspaces = self._platform.workspaces
        team = query.get("team") or next(iter(workspaces))
        if query.get("client_id") != self._platform.app.client_id or team not in workspaces:
            return PlainTextResponse("invalid_client_id", status_code=400)
        people = workspaces[team].directory.users.values()
        installer = next((user.id for user in people if user.admin), workspaces[team].bot.id)
        code = new_id("")
        self._platform.codes[code] = (team, installer)
        back = urlencode({"code": code, "state": query.get("state", "")})
        return RedirectResponse(f"{query.get('redirect_uri', '')}?{back}", status_code=302)


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await run_in_threadpool(handler, request, await request.body())

    return answer
