"""`candor beat`: the clock."""

import typer

from core import log
from core.errors import Misconfigured
from core.settings import HomeSettings
from workers.app import WorkerSettings, make_app
from workers.rates.settings import LiveRatesSettings
from workers.running import run_beat

app = typer.Typer()


@app.command()
def beat() -> None:
    """Send what is due on the clock to the queue until a signal says stop. Run one of these, not more."""
    log.configure(log.LogSettings())
    settings = WorkerSettings()
    if settings.in_process:
        raise Misconfigured(
            "CANDOR_BROKER_URL: a clock of its own needs a broker that processes can share, such as "
            "redis://localhost:6379/0"
        )
    home = HomeSettings()
    home.folder()
    run_beat(make_app(settings, home, syncs_rates=LiveRatesSettings().by_the_clock))
