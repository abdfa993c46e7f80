"""A small MCP server over standard input and output: it adds, keeps notes, fails, hangs, and ends itself."""

import os
import time

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

server: MCPServer[None] = MCPServer("small")
notes: list[str] = []


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def add(a: int, b: int) -> str:
    """Adds two numbers."""
    return str(a + b)


@server.tool()
def note(text: str) -> str:
    """Keeps a note."""
    notes.append(text)
    return f"{len(notes)} notes"


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def fail() -> str:
    """Fails."""
    raise ToolError("it cannot be done")


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def hang() -> str:
    """Hangs."""
    time.sleep(600)
    return "late"


@server.tool()
def end() -> str:
    """Ends the server."""
    os._exit(1)


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def shout() -> str:
    """Says a lot, and not all of it nice."""
    return "\x1b[31m" + "ghp_" + "a1B2" * 9 + " " + "x" * 100_000


@server.tool(annotations=ToolAnnotations(read_only_hint=True))
def environment() -> str:
    """The names in its environment."""
    return " ".join(sorted(os.environ))  # noqa: TID251 - what a server is given is what is tried


if __name__ == "__main__":
    server.run("stdio")
