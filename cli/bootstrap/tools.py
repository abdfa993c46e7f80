"""The tools of a process that answers."""

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from retrieval.search import Search
from workers.bounded import ToolSettings
from workers.rates.service import LiveRates
from workers.toolbox import Toolbox, find_supplies
from workers.tools import Parts

# -P: what lies in the working directory is never imported in place of ours.
_SERVE_RATES = (
    *(sys.executable, "-P", "-c", "from cli.main import run; run()"),
    *("rates", "--port", "0", "--attached"),
)


@contextmanager
def live_rates(url: str) -> Iterator[LiveRates]:
    """The live-rate service at a URL; without one, a child that is started when it is first asked."""
    with closing(LiveRates(url, _SERVE_RATES)) as rates:
        yield rates


@contextmanager
def toolbox(search: Search, rates: LiveRates) -> Iterator[Toolbox]:
    """Open every tool that the settings want.

    Raises:
        Misconfigured: naming the setting at fault.
    """
    with Toolbox(find_supplies(Parts(search, rates)), ToolSettings()) as box:
        yield box
