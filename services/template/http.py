"""The HTTP API of a service, with its OpenAPI description, and its MCP server beside it."""

import hmac
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.applications import Starlette

from services.template.answers import (
    MAX_VALUES,
    Answers,
    Frozen,
    Health,
    Quarantine,
    SeriesList,
    Span,
    Values,
)
from services.template.errors import NoSuchValue, SyncRuns
from services.template.service import Service
from services.template.sync import Outcome, Sync
from services.template.tools import make_tools

_NAME = r"^[a-z0-9_]{1,40}$"
_MAX_SERIES = 60

Names = Annotated[
    list[Annotated[str, Query(pattern=_NAME)]] | None,
    Query(max_length=_MAX_SERIES, description="May be given several times; without it, the headline series."),
]
Limit = Annotated[int, Query(ge=1, le=MAX_VALUES)]


class Problem(Frozen):
    """Why there is no answer."""

    detail: str


class SourceReport(Frozen):
    """How the look at one source ended."""

    source: str
    outcome: Outcome
    detail: str


class SyncReport(Frozen):
    """What one sync did."""

    accepted: int
    quarantined: int
    sources: list[SourceReport]


def make_app(service: Service, answers: Answers, sync: Sync, *, token: str, host: str) -> FastAPI:
    """The ASGI application: the API, `/openapi.json`, and MCP at `/mcp`.

    Args:
        service: for its name and description.
        answers: what is answered.
        sync: what `POST /sync` runs.
        token: the bearer token of `POST /sync`; when it is empty nobody may call it.
        host: where it listens; on a loopback address MCP refuses requests that name another host.
    """
    tools = make_tools(service, answers).streamable_http_app(
        stateless_http=True, json_response=True, host=host
    )
    app = FastAPI(
        title=service.title,
        description=service.description,
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=_with(tools),
    )
    app.add_exception_handler(NoSuchValue, _not_found)
    _add_reads(app, answers)
    _add_sync(app, sync, token)
    app.router.routes.extend(tools.routes)
    return app


def _with(tools: Starlette) -> Callable[[FastAPI], AbstractAsyncContextManager[Any]]:
    """A lifespan around the MCP server's own."""
    return lambda _app: tools.router.lifespan_context(tools)


def _add_reads(app: FastAPI, answers: Answers) -> None:
    missing: dict[int | str, dict[str, Any]] = {
        404: {"model": Problem, "description": "No such series, or no value so early."}
    }

    @app.get("/latest", responses=missing)
    def latest(series: Names = None) -> Values:
        """The last accepted value of each series."""
        return answers.latest(series)

    @app.get("/as-of/{day}", responses=missing)
    def as_of(day: Annotated[date, Path()], series: Names = None) -> Values:
        """The value of each series on a day, or the last one before it."""
        return answers.as_of(day, series)

    @app.get("/range", responses=missing)
    def between(
        series: Annotated[str, Query(pattern=_NAME)], start: date, end: date, limit: Limit = 1000
    ) -> Span:
        """The values of one series in a range of days, both ends included, oldest first."""
        return answers.between(series, start, end, limit)

    @app.get("/series")
    def series() -> SeriesList:
        """All series that have values."""
        return answers.series()

    @app.get("/quarantine")
    def quarantine(*, released: bool = False, limit: Limit = 1000) -> Quarantine:
        """What is held back and why, newest first; `released` adds what was and is no more."""
        return answers.quarantine(released=released, limit=limit)

    @app.get("/health")
    def health() -> Health:
        """How the service and its sources are."""
        return answers.health()


def _add_sync(app: FastAPI, sync: Sync, token: str) -> None:
    bearer = HTTPBearer(auto_error=False, description="The token that the settings name.")

    @app.post(
        "/sync",
        responses={
            401: {"model": Problem, "description": "The token is missing or wrong, or none is set."},
            409: {"model": Problem, "description": "A sync is under way already."},
        },
    )
    def run_sync(given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> SyncReport:
        """Look at every source now, and answer when that is done."""
        if not token or not given or not hmac.compare_digest(given.credentials.encode(), token.encode()):
            detail = (
                "the token is missing or wrong" if token else "no token is set, so nobody may start a sync"
            )
            raise HTTPException(401, detail, {"WWW-Authenticate": "Bearer"})
        try:
            report = sync.run()
        except SyncRuns as error:
            raise HTTPException(409, str(error), {"Retry-After": "5"}) from None
        return SyncReport(
            accepted=report.accepted,
            quarantined=report.held,
            sources=[
                SourceReport(source=one.source, outcome=one.outcome, detail=one.detail)
                for one in report.looked
            ],
        )


def _not_found(_request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, 404)
