"""The tools of one MCP server."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from mcp.types import CallToolResult, EmbeddedResource, TextContent, TextResourceContents
from mcp.types import Tool as Offered

from core.deadline import Deadline
from core.errors import Misconfigured
from core.tools import Tool, ToolResult
from workers.failures import Down
from workers.tools._described import Described, spec_of
from workers.tools._servers import McpServer
from workers.tools.mcp.connection import Connection

_OPEN_SECONDS = 10.0


class McpSupply:
    """Offers what the server offers, or the part of it that the settings want."""

    def __init__(self, name: str, server: McpServer) -> None:
        self.name = name
        self._server = server
        self._connection = Connection(name, server)

    @property
    def readers(self) -> tuple[str, ...]:
        """Groups that may use the server."""
        return self._server.readers

    def open(self) -> Sequence[Tool]:
        """The tools.

        Raises:
            Down: the server does not answer.
            Misconfigured: it has no tool of a name that the settings want.
        """
        offered = {tool.name: tool for tool in self._connection.tools(Deadline(_OPEN_SECONDS))}
        wanted = self._server.tools or tuple(offered)
        missing = sorted({*wanted, *self._server.reads} - offered.keys())
        if missing:
            raise Misconfigured(f"CANDOR_TOOLS_FILE: the MCP server {self.name} has no tool {missing[0]}")
        return [self._tool(offered[name]) for name in wanted]

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _tool(self, offered: Offered) -> Described:
        # What a server does not call read-only may write: that is the protocol's own default.
        hinted = bool(offered.annotations and offered.annotations.read_only_hint)
        writes = not hinted and offered.name not in self._server.reads

        def call(arguments: Mapping[str, Any], deadline: Deadline) -> ToolResult:
            try:
                return _result(self._connection.call(offered.name, arguments, deadline))
            except Down:
                if writes or not deadline.remaining():
                    raise
            # The server may have been started anew since it was last asked; a reading is asked once more.
            return _result(self._connection.call(offered.name, arguments, deadline))

        spec = spec_of(self.name, offered.name, offered.description or "", offered.input_schema)
        return Described(spec, writes, call)


def _result(result: CallToolResult) -> ToolResult:
    pieces = []
    for block in result.content:
        match block:
            case TextContent():
                pieces.append(block.text)
            case EmbeddedResource(resource=TextResourceContents(text=text)):
                pieces.append(text)
            case _:
                pieces.append(f"[{block.type}]")
    if not pieces and result.structured_content is not None:
        pieces.append(json.dumps(result.structured_content, ensure_ascii=False))
    return ToolResult("\n".join(pieces) or "It returned nothing.", failed=bool(result.is_error))
