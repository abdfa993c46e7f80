"""Tools of MCP servers, which the file of servers lists."""

from collections.abc import Sequence

from core import plugins
from workers.tools import Parts, Supply
from workers.tools._servers import read_servers


def supplies(parts: Parts | None = None) -> Sequence[Supply]:  # noqa: ARG001 - a server needs nothing of ours
    """One supply for each server.

    Raises:
        Misconfigured: naming what is wrong with the file.
    """
    servers = read_servers().mcp
    if not servers:
        return ()
    # The client takes its time to import: only who has a server loads it.
    supply = plugins.load(__name__, "supply", setting="CANDOR_TOOLS_FILE")
    return [supply.McpSupply(name, server) for name, server in servers.items()]
