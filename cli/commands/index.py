"""`candor index`: care of the index."""

import typer

from cli.bar import counting_bar
from cli.bootstrap.library import library
from cli.bootstrap.records import open_records
from cli.bootstrap.worker import exclusion
from cli.waiting import until_stopped
from core import log
from core.errors import Misconfigured
from core.settings import HomeSettings
from retrieval.points import Filter
from retrieval.reembedding import Reembedding
from retrieval.stores import StoreSettings
from retrieval.stores.shared import alone, create, index_folder

app = typer.Typer(no_args_is_help=True, help="Serve, re-embed or optimize the index.")


@app.callback()
def index() -> None:
    """Serve, re-embed or optimize the index."""


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


@app.command()
def reembed() -> None:
    """Make the index anew for the embedder that CANDOR_EMBEDDER names, from what it holds."""
    log.configure(log.LogSettings())
    home = HomeSettings()
    with library(home) as shelf:
        reembedding = Reembedding(shelf.store, shelf.embedder)
        name = shelf.embedder.name if shelf.embedder else "none"
        if not reembedding.needed:
            typer.echo(f"The index was made with {name} already: nothing to do.")
            return
        with counting_bar(f"Embedding with {name}") as on_progress:
            done = reembedding.run(on_progress, exclusion(open_records(home)).index)
    typer.echo(
        f"The index is made with {name} now: {done.chunks} chunks, {done.embedded} embedded by this run."
    )
    typer.echo("Restart the other processes of Candor with the same CANDOR_EMBEDDER.")


@app.command()
def optimize() -> None:
    """Make search faster in an embedded index of more than about 20,000 chunks. Stop all processes before."""
    log.configure(log.LogSettings())
    if StoreSettings().qdrant_url:
        typer.echo("The index is on a Qdrant server, which optimizes it by itself: nothing to do.")
        return
    with alone(index_folder(HomeSettings())) as store:
        typer.echo(f"Optimizing {store.count(Filter())} chunks; 100,000 take some minutes.")
        changed = store.optimize()
    typer.echo("The index is optimized." if changed else "The index was optimized already.")
