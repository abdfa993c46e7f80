"""`candor up`: everything in one process."""

import typer

from cli.bootstrap import whole
from cli.waiting import until_stopped
from core import log
from core.settings import HomeSettings
from workers.app import WorkerSettings

app = typer.Typer()


@app.command()
def up() -> None:
    """Run everything in one process until a signal says stop: the worker, the clock, the index."""
    log.configure(log.LogSettings())
    settings = WorkerSettings()
    with whole.hearing(HomeSettings(), settings, beat=True) as hearing:
        sources = len(hearing.records.sources.list())
        typer.echo(f"Up: a worker with {settings.worker_threads} threads, {sources} source(s) in the index.")
        until_stopped()
