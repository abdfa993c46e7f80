"""`candor up`: everything in one process."""

import threading
from contextlib import ExitStack

import typer

from bot.platforms.discord.settings import DiscordSettings
from bot.platforms.slack.settings import SlackSettings
from cli.bootstrap import whole
from cli.bootstrap.listeners import listening_to_discord, listening_to_slack
from cli.bootstrap.rates import serving_rates
from cli.bootstrap.watch import watching
from cli.waiting import stop_signal, until_stopped
from core import log
from core.health import telemetry
from core.settings import HomeSettings
from core.telemetry import TelemetrySettings
from workers.app import WorkerSettings
from workers.rates.settings import LiveRatesSettings

app = typer.Typer()


@app.command()
def up(
    attached: bool = typer.Option(
        False,
        "--attached",
        help="Stop at the end of standard input too: whoever started this one need not live to end it.",
    ),
) -> None:
    """Run everything in one process until a signal says stop, and hear Slack and Discord where set."""
    log.configure(log.LogSettings())
    settings = WorkerSettings()
    slack = SlackSettings()
    stopped = threading.Event()
    with ExitStack() as stack:
        rates_url = LiveRatesSettings().rates_url or stack.enter_context(serving_rates())
        watch = stack.enter_context(watching("candor-up"))
        hearing = stack.enter_context(
            whole.hearing(HomeSettings(), settings, beat=True, rates_url=rates_url, patience=0, watch=watch)
        )
        shown = telemetry(TelemetrySettings(), watch.metrics, hearing.health, always=True)
        page = stack.enter_context(shown)
        sources = len(hearing.records.sources.list())
        stop_signal(stopped)  # whoever reads that it is up may stop it at once
        typer.echo(f"Up: a worker with {settings.worker_threads} threads, {sources} source(s) in the index.")
        typer.echo(f"Live rates: {rates_url}.")
        typer.echo(f"Health and metrics: {page}/healthz, {page}/readyz and {page}/metrics.")
        if slack.configured:
            http = not slack.slack_app_token.get_secret_value()
            where = stack.enter_context(listening_to_slack(hearing, http=http))
            typer.echo(f"Hearing Slack: {where}.")
        if DiscordSettings().configured:
            where = stack.enter_context(listening_to_discord(hearing, stopped))
            typer.echo(f"Hearing Discord: {where}.")
        until_stopped(stopped, attached=attached)
