"""`candor sources`: what was ingested."""

from pathlib import Path

import typer

from bot.outgoing import visible
from cli.bootstrap.library import library
from cli.bootstrap.records import Records, open_records
from cli.bootstrap.worker import ingester
from cli.coverage import progress_bar, report
from core import log
from core.errors import Misconfigured
from core.settings import HomeSettings
from ledger.sources import Source
from retrieval.loaders import count

app = typer.Typer(no_args_is_help=True, help="List, sync or remove what was ingested.")


@app.command("list")
def list_() -> None:
    """List the sources."""
    sources = open_records(HomeSettings()).sources.list()
    if not sources:
        typer.echo("No sources yet. Add one: candor ingest PATH")
    for source in sources:
        synced = f"{source.synced_at:%Y-%m-%d %H:%M}" if source.synced_at else "never"
        counts = source.report
        state = f"{counts['found']} documents, {counts['chunks']} chunks" if counts else "not finished"
        readers = ", ".join(source.readers)
        typer.echo(visible(f"{source.id}  {source.location}  ({state}; readers: {readers}; synced {synced})"))


@app.command()
def sync(source: str = typer.Argument("", help="A source's id or location; without it, all.")) -> None:
    """Make the index equal to the sources again."""
    log.configure(log.LogSettings())
    home = HomeSettings()
    records = open_records(home)
    chosen = [_named(records, source)] if source else records.sources.list()
    if not chosen:
        typer.echo("No sources yet. Add one: candor ingest PATH")
        return
    with library(home) as shelf:
        ingesting = ingester(shelf, records)
        for each in chosen:
            with progress_bar(each.location, count(Path(each.location))) as on_progress:
                coverage = ingesting.sync(each, on_progress)
            report(each.location, coverage)


@app.command()
def remove(source: str = typer.Argument(help="A source's id or location.")) -> None:
    """Take a source and its documents out of the index."""
    log.configure(log.LogSettings())
    home = HomeSettings()
    records = open_records(home)
    chosen = _named(records, source)
    with library(home) as shelf:
        ingester(shelf, records).remove(chosen)
    typer.echo(visible(f"Removed {chosen.location}."))


def _named(records: Records, name: str) -> Source:
    source = records.sources.find(name)
    if source is None:
        raise Misconfigured(f"there is no source {name!r}: `candor sources list` shows those there are")
    return source
