"""`candor bot`: hears questions on a chat platform and leaves the answering to workers."""

import typer

from cli.bootstrap import bot
from cli.bootstrap.listeners import listening_to_slack
from cli.waiting import until_stopped
from core import log
from core.errors import Misconfigured
from core.settings import HomeSettings
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
    settings = WorkerSettings()
    if settings.in_process:
        raise Misconfigured(
            "CANDOR_BROKER_URL: a bot of its own needs a broker that processes can share, such as "
            "redis://localhost:6379/0; with memory:// use `candor up`"
        )
    with (
        bot.hearing(HomeSettings(), settings, patience=0) as hearing,
        listening_to_slack(hearing, http=http) as where,
    ):
        typer.echo(f"Hearing Slack: {where}.")
        until_stopped()
