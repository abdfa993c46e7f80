"""`candor index`: care of the index."""

import typer

from cli.bootstrap.library import library
from cli.waiting import until_stopped
from core import log
from core.settings import HomeSettings

app = typer.Typer(no_args_is_help=True, help="Serve the embedded index to other processes of this machine.")


@app.callback()
def index() -> None:
    """Serve the embedded index to other processes of this machine."""


@app.command()
def serve() -> None:
    """Hold the embedded index and serve it on a loopback port until a signal says stop."""
    log.configure(log.LogSettings())
    with library(HomeSettings()) as shelf:
        typer.echo(f"Serving the index on {shelf.store.location}.")
        until_stopped()
