"""Signed HTTP: Slack calls Candor. Nothing is looked at before its signature has been."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.oauth.oauth_flow import OAuthFlow
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot import doorway
from bot.platforms.slack.ingress.oauth import INSTALL, REDIRECT
from core import log
from core.errors import CandorError

_log = log.get(__name__)

PATH = "/slack/events"


@contextmanager
def serving(app: App, secret: str, port: int, pages: OAuthFlow | None = None) -> Iterator[int]:
    """Listen on a port as long as the block runs; 0 lets the system choose one, which is yielded.

    Raises:
        Misconfigured: the port is not to be had.
    """
    with doorway.serving(
        application(app, secret, pages), port, setting="CANDOR_SLACK_HTTP_PORT", name="slack-http"
    ) as at:
        yield at


def application(app: App, secret: str, pages: OAuthFlow | None = None) -> Starlette:
    """The one path that Slack calls for events, commands and interactions alike; and the pages to install."""
    verifier = SignatureVerifier(secret)

    async def events(request: Request) -> Response:
        body = await doorway.body_of(request)
        if body is None:
            return Response(status_code=413)
        return await run_in_threadpool(answer, app, verifier, body, dict(request.headers))

    routes = [Route(PATH, events, methods=["POST"])]
    if pages:
        routes.append(Route(INSTALL, _page(pages.handle_installation), methods=["GET"]))
        routes.append(Route(REDIRECT, _page(pages.handle_callback), methods=["GET"]))
    return Starlette(routes=routes)


def _page(handle: Callable[[BoltRequest], BoltResponse]) -> Callable[[Request], Awaitable[Response]]:
    """A page that a person opens in a browser on the way to installing the app."""

    async def page(request: Request) -> Response:
        asked = BoltRequest(body="", query=request.url.query, headers=dict(request.headers))
        return await run_in_threadpool(opened, handle, asked)

    return page


def opened(handle: Callable[[BoltRequest], BoltResponse], asked: BoltRequest) -> Response:
    """What a person's browser is told, whatever goes wrong."""
    try:
        return _response(handle(asked))
    except CandorError as error:
        _log.error("a workspace could not install the app", error=str(error))
        return PlainTextResponse("This could not be written down. Please try again later.", status_code=503)


def answer(app: App, verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> Response:
    """What Slack is told. A request whose signature cannot be made out is 401, whatever is wrong with it."""
    if not genuine(verifier, body, headers):
        return Response(status_code=401)
    return _response(app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers))))


def _response(said: BoltResponse) -> Response:
    first = {name: values[0] for name, values in said.headers.items()}
    return Response(said.body, status_code=said.status, headers=first)


def genuine(verifier: SignatureVerifier, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether Slack signed this within the last five minutes.

    The SDK raises at a time that is no number, a signature that is not ASCII and a body that is not UTF-8.
    """
    try:
        return verifier.is_valid_request(body, dict(headers))
    except (ValueError, TypeError):
        return False
