"""`candor up`: everything in one process."""

from contextlib import ExitStack

import typer

from bot.platforms.slack.settings import SlackSettings
from cli.bootstrap import whole
from cli.bootstrap.listeners import listening_to_slack
from cli.waiting import until_stopped
from core import log
from core.settings import HomeSettings
from workers.app import WorkerSettings

app = typer.Typer()


@app.command()
def up() -> None:
    """Run everything in one process until a signal says stop: worker, clock, index, and Slack if set."""
    log.configure(log.LogSettings())
    settings = WorkerSettings()
    slack = SlackSettings()
    with ExitStack() as stack:
        hearing = stack.enter_context(whole.hearing(HomeSettings(), settings, beat=True))
        sources = len(hearing.records.sources.list())
        typer.echo(f"Up: a worker with {settings.worker_threads} threads, {sources} source(s) in the index.")
        if slack.configured:
            http = not slack.slack_app_token.get_secret_value()
            where = stack.enter_context(listening_to_slack(hearing, http=http))
            typer.echo(f"Hearing Slack: {where}.")
        until_stopped()
