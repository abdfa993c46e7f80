"""The same functions over MCP (streamable HTTP)."""

from datetime import date
from typing import Annotated

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from services.template.answers import MAX_VALUES, Answers, Health, SeriesList, Span, Values
from services.template.errors import NoSuchValue
from services.template.service import Service

Names = Annotated[
    list[str] | None,
    Field(description="Names of series, as `series` lists them; by default the headline ones."),
]

_READING = ToolAnnotations(read_only_hint=True)


def make_tools(service: Service, answers: Answers) -> MCPServer[None]:
    """An MCP server whose tools are the reads of the HTTP API."""
    server: MCPServer[None] = MCPServer(
        service.name,
        title=service.title,
        instructions=service.description,
        version="1",
        log_level="WARNING",
        subscriptions=False,
    )

    @server.tool(annotations=_READING)
    def latest(series: Names = None) -> Values:
        """The last accepted value of each series, with its date, unit, source and whether it is stale."""
        try:
            return answers.latest(series)
        except NoSuchValue as error:
            raise ToolError(str(error)) from None

    @server.tool(annotations=_READING)
    def as_of(day: date, series: Names = None) -> Values:
        """The value of each series on a day, or the last one before it."""
        try:
            return answers.as_of(day, series)
        except NoSuchValue as error:
            raise ToolError(str(error)) from None

    @server.tool(name="range", annotations=_READING)
    def between(
        series: str, start: date, end: date, limit: Annotated[int, Field(ge=1, le=MAX_VALUES)] = 1000
    ) -> Span:
        """The values of one series in a range of days, both ends included, oldest first."""
        try:
            return answers.between(series, start, end, limit)
        except NoSuchValue as error:
            raise ToolError(str(error)) from None

    @server.tool(name="series", annotations=_READING)
    def every_series() -> SeriesList:
        """All series that have values, with what each measures."""
        return answers.series()

    @server.tool(annotations=_READING)
    def health() -> Health:
        """How the service and its sources are."""
        return answers.health()

    return server
