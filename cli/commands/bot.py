"""`candor bot`: hears questions on a chat platform and leaves the answering to workers."""

import threading

import typer

from cli.bootstrap import bot
from cli.bootstrap.listeners import listening_to_discord, listening_to_slack
from cli.bootstrap.watch import watching
from cli.waiting import until_stopped
from core import log
from core.errors import Misconfigured
from core.health import telemetry
from core.settings import HomeSettings
from core.telemetry import TelemetrySettings
from workers.app import WorkerSettings

app = typer.Typer(no_args_is_help=True, help="Hear questions on a chat platform.")


@app.callback()
def platforms() -> None:
    """Hear questions on a chat platform."""


@app.command()
def slack(
    http: bool = typer.Option(
        False, "--http", help="Let Slack call this process, signed, instead of using Socket Mode."
    ),
) -> None:
    """Hear Slack until a signal says stop."""
    log.configure(log.LogSettings())
    with (
        watching("candor-bot-slack") as watch,
        bot.hearing(HomeSettings(), _shared_broker(), patience=0, watch=watch) as hearing,
        telemetry(TelemetrySettings(), watch.metrics, hearing.health),
        listening_to_slack(hearing, http=http) as where,
    ):
        typer.echo(f"Hearing Slack: {where}.")
        until_stopped()


@app.command()
def discord(
    http: bool = typer.Option(
        False, "--http", help="Let Discord call this process with commands and buttons, signed."
    ),
) -> None:
    """Hear Discord until a signal says stop."""
    log.configure(log.LogSettings())
    stopped = threading.Event()
    with (
        watching("candor-bot-discord") as watch,
        bot.hearing(HomeSettings(), _shared_broker(), patience=0, watch=watch) as hearing,
        telemetry(TelemetrySettings(), watch.metrics, hearing.health),
        listening_to_discord(hearing, stopped, http=http) as where,
    ):
        typer.echo(f"Hearing Discord: {where}.")
        until_stopped(stopped)


def _shared_broker() -> WorkerSettings:
    settings = WorkerSettings()
    if settings.in_process:
        raise Misconfigured(
            "CANDOR_BROKER_URL: a bot of its own needs a broker that processes can share, such as "
            "redis://localhost:6379/0; with memory:// use `candor up`"
        )
    return settings
