"""`candor beat`: the clock."""

import typer

from core import log
from core.errors import Misconfigured
from core.health import Health, telemetry
from core.metrics import Metrics
from core.settings import HomeSettings
from core.telemetry import TelemetrySettings
from workers.app import WorkerSettings, make_app
from workers.queue import broker_answers
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
    clock = make_app(settings, home, syncs_rates=LiveRatesSettings().by_the_clock)
    health = Health(ready={"broker": lambda: "" if broker_answers(clock) else "does not answer"})
    with telemetry(TelemetrySettings(), Metrics(), health):
        run_beat(clock)
