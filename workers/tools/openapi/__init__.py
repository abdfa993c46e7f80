"""Tools of HTTP services that an OpenAPI 3 document describes, which the file of servers lists."""

from collections.abc import Sequence

from core import plugins
from workers.tools import Parts, Supply
from workers.tools._servers import read_servers


def supplies(parts: Parts | None = None) -> Sequence[Supply]:  # noqa: ARG001 - a service needs nothing of ours
    """One supply for each service.

    Raises:
        Misconfigured: naming what is wrong with the file.
    """
    services = read_servers().openapi
    if not services:
        return ()
    supply = plugins.load(__name__, "supply", setting="CANDOR_TOOLS_FILE")
    return [supply.OpenApiSupply(name, service) for name, service in services.items()]
