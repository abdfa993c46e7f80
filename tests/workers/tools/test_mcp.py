"""Tools of MCP servers: over standard input and output, and over streamable HTTP."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import yaml

from core.errors import BadArguments, Misconfigured
from core.tools import Tool
from tests.services.conftest import sources as sources  # noqa: PLC0414 - a fixture
from tests.services.rates.kit import put_steady
from tests.services.upstream import Upstream
from tests.workers.rates.serving import service
from tests.workers.tools.calls import call
from workers.bounded import ToolSettings
from workers.failures import Down
from workers.tools._servers import McpServer, Servers
from workers.tools.mcp.supply import McpSupply

SMALL = str(Path(__file__).with_name("stdio_server.py"))


@pytest.fixture
def small() -> Iterator[McpSupply]:
    supply = McpSupply("small", McpServer(command=(sys.executable, SMALL), env={"TEAM": "green"}))
    yield supply
    supply.close()


def named(supply: McpSupply) -> dict[str, Tool]:
    return {tool.spec.name: tool for tool in supply.open()}


def test_the_tools_of_a_server_are_named_after_it_and_are_called(small: McpSupply) -> None:
    tools = named(small)
    assert set(tools) == {
        f"small__{name}" for name in ["add", "note", "fail", "hang", "end", "shout", "environment"]
    }
    assert tools["small__add"].spec.description == "Adds two numbers."
    assert call(tools["small__add"], '{"a": 2, "b": 3}').text == "5"


def test_what_is_not_called_read_only_writes(small: McpSupply) -> None:
    tools = named(small)
    assert not tools["small__add"].writes
    assert tools["small__note"].writes
    note = tools["small__note"]
    assert note.describe(note.parse('{"text": "hi"}')) == 'call small__note with {"text": "hi"}'


def test_the_settings_may_choose_tools_and_say_which_only_read() -> None:
    chosen = McpServer(command=(sys.executable, SMALL), tools=("note",), reads=("note",))
    supply = McpSupply("small", chosen)
    (tool,) = supply.open()
    supply.close()
    assert (tool.spec.name, tool.writes) == ("small__note", False)


def test_a_tool_that_is_not_there_is_named() -> None:
    supply = McpSupply("small", McpServer(command=(sys.executable, SMALL), tools=("fly",)))
    with pytest.raises(Misconfigured, match=r"small has no tool fly"):
        supply.open()
    supply.close()


@pytest.mark.parametrize("arguments", ['{"a": 2}', '{"a": "x", "b": 1}', "[]", "nonsense"])
def test_wrong_arguments_are_told_before_the_server_is_asked(small: McpSupply, arguments: str) -> None:
    with pytest.raises(BadArguments):
        named(small)["small__add"].parse(arguments)


def test_a_failure_of_the_tool_is_a_failed_result(small: McpSupply) -> None:
    result = call(named(small)["small__fail"], "{}")
    assert result.failed
    assert "it cannot be done" in result.text


def test_a_result_is_cut_masked_and_without_control_characters(small: McpSupply) -> None:
    text = call(named(small)["small__shout"], "{}", settings=ToolSettings(tool_result_tokens=200)).text
    assert "\x1b" not in text
    assert "ghp_" not in text
    assert "[secret: GitHub" in text
    assert len(text) < 1000
    assert text.endswith("may be shown]")


def test_a_server_gets_nothing_of_our_environment(small: McpSupply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_SLACK_BOT_TOKEN", "xoxb-secret")
    seen = call(named(small)["small__environment"], "{}").text.split()
    assert "TEAM" in seen
    assert not [name for name in seen if name.startswith("CANDOR_")]


def test_a_call_that_hangs_is_given_up_and_others_go_on(small: McpSupply) -> None:
    tools = named(small)
    begun = time.monotonic()
    result = call(tools["small__hang"], "{}", settings=ToolSettings(tool_seconds=0.5))
    assert result.failed
    assert time.monotonic() - begun < 3
    assert call(tools["small__add"], '{"a": 1, "b": 1}').text == "2"


def test_a_server_that_ends_in_the_middle_is_started_again_for_the_next_call(small: McpSupply) -> None:
    tools = named(small)
    ended = call(tools["small__end"], "{}")
    assert ended.failed
    assert "small" in ended.text
    assert call(tools["small__add"], '{"a": 1, "b": 1}').text == "2"


def test_a_server_of_ours_ends_with_the_connection(small: McpSupply) -> None:
    small.open()
    mine = [each for each in psutil.Process().children(recursive=True) if SMALL in each.cmdline()]
    assert mine
    small.close()
    psutil.wait_procs(mine, timeout=10)
    assert not any(each.is_running() for each in mine)


def test_a_command_that_is_not_there_is_down() -> None:
    supply = McpSupply("nobody", McpServer(command=("/nowhere/at/all",)))
    with pytest.raises(Down, match="nobody cannot be reached"):
        supply.open()
    supply.close()


def test_the_rates_service_is_one_over_http(sources: Upstream, tmp_path: Path) -> None:
    put_steady(sources)
    with service(sources, tmp_path) as url:
        supply = McpSupply("rates", McpServer.model_validate({"url": f"{url}/mcp"}))
        tools = named(supply)
        assert not tools["rates__latest"].writes
        result = call(tools["rates__latest"], '{"series": ["mortgage_15y"]}')
        assert not result.failed
        assert "bundled" in result.text
        wrong = call(tools["rates__latest"], '{"series": ["nothing"]}')
        assert wrong.failed
        supply.close()


def test_a_url_where_nobody_is_is_down() -> None:
    supply = McpSupply("gone", McpServer.model_validate({"url": "http://127.0.0.1:1/mcp"}))
    with pytest.raises(Down, match="gone cannot be reached"):
        supply.open()
    supply.close()


@pytest.mark.parametrize(
    "text",
    [
        "mcp: {x: {}}",
        "mcp: {x: {command: [a], url: 'http://b'}}",
        "mcp: {'X Y': {command: [a]}}",
        "mcp: {x: {command: [a], speed: 3}}",
        "openapi: {x: {url: 'http://b'}}",
        "openapi: {x: {url: 'file:///etc/passwd', operations: [a]}}",
    ],
)
def test_a_wrong_list_of_servers_is_not_taken(text: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Servers.model_validate(yaml.safe_load(text))
