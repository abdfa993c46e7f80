"""The same functions over MCP, asked with its own client."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from mcp.types import CallToolResult, TextContent, Tool

from services.rates.service import make_service
from services.template.serving import serving
from tests.services.files import WEEKS
from tests.services.rates.kit import Calendar, put_steady, settings
from tests.services.upstream import Upstream


@pytest.fixture
def url(sources: Upstream, tmp_path: Path) -> Iterator[str]:
    """The MCP server of a service that has not synced."""
    put_steady(sources)
    service = make_service(settings(sources, tmp_path))
    with serving(service, tmp_path, clock=Calendar(WEEKS[-1])) as base:
        yield f"{base}/mcp"


def call(url: str, tool: str, **arguments: Any) -> CallToolResult:
    async def ask() -> CallToolResult:
        async with Client(url, read_timeout_seconds=10) as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(ask())


def tools(url: str) -> list[Tool]:
    async def ask() -> list[Tool]:
        async with Client(url, read_timeout_seconds=10) as client:
            return (await client.list_tools()).tools

    return asyncio.run(ask())


def test_every_read_of_the_api_is_a_tool_with_a_description(url: str) -> None:
    found = {tool.name: tool for tool in tools(url)}
    assert sorted(found) == ["as_of", "health", "latest", "range", "series"]
    assert all(tool.description and tool.output_schema for tool in found.values())


def test_a_tool_answers_with_a_structured_value(url: str) -> None:
    content = call(url, "latest", series=["mortgage_30y"]).structured_content
    assert content
    value = content["values"][0]
    assert (value["value"], value["as_of"], value["bundled"]) == (7.02, "2024-05-16", True)


def test_a_day_a_range_and_health_are_answered(url: str) -> None:
    day = call(url, "as_of", day="2024-01-06").structured_content
    span = call(url, "range", series="mortgage_30y", start="2024-01-01", end="2024-01-31").structured_content
    health = call(url, "health").structured_content
    assert day
    assert span
    assert health
    assert day["values"][0]["as_of"] == "2024-01-04"
    assert len(span["values"]) == 4
    assert health["status"] == "starting"


def test_an_unknown_series_is_an_error_that_says_so(url: str) -> None:
    result = call(url, "latest", series=["mortgage_99y"])
    assert result.is_error
    assert isinstance(result.content[0], TextContent)
    assert "mortgage_99y" in result.content[0].text


def test_a_wrong_argument_is_an_error(url: str) -> None:
    assert call(url, "as_of", day="yesterday").is_error
