"""`candor index`: care of the index."""

import typer

from cli.waiting import until_stopped
from core import log
from core.errors import Misconfigured
from core.settings import HomeSettings
from retrieval.stores import StoreSettings
from retrieval.stores.shared import create

app = typer.Typer(no_args_is_help=True, help="Serve the embedded index to other processes of this machine.")


@app.callback()
def index() -> None:
    """Serve the embedded index to other processes of this machine."""


@app.command()
def serve() -> None:
    """Hold the embedded index and serve it on a loopback port until a signal says stop."""
    log.configure(log.LogSettings())
    if StoreSettings().qdrant_url:
        raise Misconfigured(
            "CANDOR_QDRANT_URL is set: the index is on that server, and there is none to serve"
        )
    store = create(StoreSettings(), HomeSettings())
    try:
        if not store.owner:
            raise Misconfigured("another process of this machine serves the index already")
        typer.echo(f"Serving the index on {store.url}.")
        until_stopped()
    finally:
        store.close()
