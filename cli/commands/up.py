"""`candor up`: everything in one process."""

import threading
from contextlib import ExitStack

import typer

from bot.platforms.discord.settings import DiscordSettings
from bot.platforms.slack.settings import SlackSettings
from cli.bootstrap import whole
from cli.bootstrap.listeners import listening_to_discord, listening_to_slack
from cli.bootstrap.rates import serving_rates
from cli.waiting import until_stopped
from core import log
from core.settings import HomeSettings
from workers.app import WorkerSettings
from workers.rates.settings import LiveRatesSettings

app = typer.Typer()


@app.command()
def up() -> None:
    """Run everything in one process until a signal says stop, and hear Slack and Discord where set."""
    log.configure(log.LogSettings())
    settings = WorkerSettings()
    slack = SlackSettings()
    stopped = threading.Event()
    with ExitStack() as stack:
        rates_url = LiveRatesSettings().rates_url or stack.enter_context(serving_rates())
        hearing = stack.enter_context(whole.hearing(HomeSettings(), settings, beat=True, rates_url=rates_url))
        sources = len(hearing.records.sources.list())
        typer.echo(f"Up: a worker with {settings.worker_threads} threads, {sources} source(s) in the index.")
        typer.echo(f"Live rates: {rates_url}.")
        if slack.configured:
            http = not slack.slack_app_token.get_secret_value()
            where = stack.enter_context(listening_to_slack(hearing, http=http))
            typer.echo(f"Hearing Slack: {where}.")
        if DiscordSettings().configured:
            where = stack.enter_context(listening_to_discord(hearing, stopped))
            typer.echo(f"Hearing Discord: {where}.")
        until_stopped(stopped)
