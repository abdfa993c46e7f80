"""One MCP server, asked from any thread. The client's event loop stays inside, on a thread of its own."""

import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import anyio
from anyio.from_thread import BlockingPortal, start_blocking_portal
from mcp import Client, MCPError, StdioServerParameters
from mcp.client._transport import TransportStreams
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.types import CallToolResult, Tool

from core import log
from core.deadline import Deadline
from workers.failures import Down, Refused
from workers.tools._servers import McpServer, revealed

_log = log.get(__name__)

_MOST_PAGES = 20
"""Pages of a list of tools that are read."""

_T = TypeVar("_T")


class Connection:
    """Connects when it is first asked, and again after the server was gone.

    Args:
        name: the server's own, for sentences.
        server: where it is.
    """

    def __init__(self, name: str, server: McpServer) -> None:
        self._title = f"The MCP server {name}"
        self._server = server
        self._lock = threading.Lock()
        self._open: tuple[ExitStack, BlockingPortal, Client] | None = None
        self._closed = False

    def tools(self, deadline: Deadline) -> list[Tool]:
        """What the server offers.

        Raises:
            Down: it does not answer.
        """
        return self._ask(_listed, deadline)

    def call(self, name: str, arguments: Mapping[str, Any], deadline: Deadline) -> CallToolResult:
        """Call one of its tools.

        Raises:
            Down: it does not answer, or went away meanwhile.
            Refused: it does not take the call.
        """

        async def calling(client: Client) -> CallToolResult:
            return await client.call_tool(name, dict(arguments))

        return self._ask(calling, deadline)

    def close(self) -> None:
        """End the connection, and with it a server that is a child of ours."""
        self._closed = True
        self._drop(None)

    def _ask(self, question: Callable[[Client], Awaitable[_T]], deadline: Deadline) -> _T:
        portal, client = self._client(deadline)
        future = portal.start_task_soon(partial(_awaited, question, client))
        try:
            return future.result(deadline.remaining())
        except FutureTimeoutError:
            future.cancel()
            raise Down(f"{self._title} does not answer in time.") from None
        except MCPError as error:
            if self._lives(portal, client, deadline):
                raise Refused(f"{self._title} does not take the call: {error.error.message}.") from None
            self._drop(client)
            raise Down(f"{self._title} went away.") from None
        except (Exception, CancelledError) as error:  # noqa: BLE001 - a lost connection may say so in any way
            _log.info("an MCP server was lost", server=self._title, error=repr(error))
            self._drop(client)
            raise Down(f"{self._title} went away.") from None

    def _lives(self, portal: BlockingPortal, client: Client, deadline: Deadline) -> bool:
        """Whether an error was the server's own word, and not the end of the connection."""
        try:
            portal.start_task_soon(partial(_awaited, _listed, client)).result(deadline.remaining())
        except (Exception, CancelledError):  # noqa: BLE001 - whatever it is, nobody answers there
            return False
        return True

    def _client(self, deadline: Deadline) -> tuple[BlockingPortal, Client]:
        if not self._lock.acquire(timeout=deadline.remaining()):
            raise Down(f"{self._title} is still starting.")
        try:
            if self._closed:
                raise Down(f"{self._title} is not used any more.")
            if self._open is None:
                self._open = self._connect(deadline)
            return self._open[1:]
        finally:
            self._lock.release()

    def _connect(self, deadline: Deadline) -> tuple[ExitStack, BlockingPortal, Client]:
        with ExitStack() as stack:
            portal = stack.enter_context(start_blocking_portal(name="mcp"))
            try:
                client = stack.enter_context(
                    portal.wrap_async_context_manager(_connected(self._server, deadline.remaining()))
                )
            except Exception as error:  # noqa: BLE001 - and so may one that was never there
                _log.info("an MCP server cannot be reached", server=self._title, error=repr(error))
                raise Down(f"{self._title} cannot be reached.") from None
            return stack.pop_all(), portal, client
        raise AssertionError("the stack swallows nothing")

    def _drop(self, client: Client | None) -> None:
        """Close the connection, unless it is another one by now."""
        with self._lock:
            opened = self._open
            if opened is None or client not in (None, opened[2]):
                return
            self._open = None
        try:
            opened[0].close()
        except Exception as error:  # noqa: BLE001 - a server that is gone may say so in any way
            _log.debug("an MCP connection was closed badly", server=self._title, error=repr(error))


@asynccontextmanager
async def _connected(server: McpServer, seconds: float) -> AsyncIterator[Client]:
    """A client whose handshake ends in time."""
    client = Client(_transport(server), cache=None)
    with anyio.fail_after(seconds) as limit:
        async with client:
            limit.deadline = float("inf")
            yield client


@asynccontextmanager
async def _transport(server: McpServer) -> AsyncIterator[TransportStreams]:
    if server.url:
        async with (
            create_mcp_http_client(headers=revealed(server.headers)) as http,
            streamable_http_client(server.url, http_client=http) as streams,
        ):
            yield streams
    else:
        command, *arguments = server.command
        parameters = StdioServerParameters(command=command, args=arguments, env=revealed(server.env))
        # What it complains of is its own affair: it may hold anything.
        with Path(os.devnull).open("w") as nowhere:  # noqa: ASYNC230 - the null device waits for nobody
            async with stdio_client(parameters, errlog=nowhere) as streams:
                yield streams


async def _awaited(question: Callable[[Client], Awaitable[_T]], client: Client) -> _T:
    return await question(client)


async def _listed(client: Client) -> list[Tool]:
    found: list[Tool] = []
    cursor = None
    for _ in range(_MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += page.tools
        cursor = page.next_cursor
        if cursor is None:
            break
    return found
